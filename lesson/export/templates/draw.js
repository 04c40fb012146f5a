// Draw a digit: the trained network at work in the page. The mathematics first, in plain functions; then the page.
"use strict";
(() => {
  const section = document.getElementById("draw");
  if (!section) return;
  const data = JSON.parse(document.getElementById("draw-data").textContent);
  const side = data.side, pixels = side * side;

  // ------------------------------------------------------------------------------------------ the network

  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const floats = (text) => {
    const view = new DataView(bytes(text).buffer);
    return Float32Array.from({ length: view.byteLength / 4 }, (_, n) => view.getFloat32(4 * n, true));
  };
  const layers = data.layers.map((layer) => ({
    weights: floats(layer.weights), // row by row: those of neuron j start at j · n_in
    biases: floats(layer.biases),
    activation: layer.activation,
  }));
  const functions = {
    sigmoid: (z) => 1 / (1 + Math.exp(-z)),
    relu: (z) => Math.max(0, z),
    identity: (z) => z,
  };

  // z = W a + b and a = σ(z), layer by layer. Gives the activations of every column, the input first, and all sums.
  function forward(image) {
    const columns = [Array.from(image)], sums = [];
    for (const layer of layers) {
      const a = columns[columns.length - 1];
      const z = Array.from(layer.biases, (bias, j) => {
        let total = bias;
        for (let i = 0; i < a.length; i++) total += layer.weights[j * a.length + i] * a[i];
        return total;
      });
      sums.push(z);
      columns.push(z.map(functions[layer.activation]));
    }
    return { columns, sums };
  }
  const brightest = (values) => values.reduce((best, value, n) => (value > values[best] ? n : best), 0);

  // --------------------------------------------------------------------------------------- the preparation

  // How much each of n pixels counts in each of `side` new ones: the mean over [first + i·step, first + (i + 1)·step).
  function averages(n, step, first) {
    const width = Math.max(step, 1), rows = [];
    for (let i = 0; i < side; i++) {
      const start = first + (i + 0.5) * step - width / 2, row = [];
      const from = Math.max(0, Math.floor(start)), to = Math.min(n, Math.ceil(start + width));
      for (let k = from; k < to; k++) {
        const overlap = Math.min(start + width, k + 1) - Math.max(start, k);
        if (overlap > 0) row.push([k, overlap / width]);
      }
      rows.push(row);
    }
    return rows;
  }

  function resample(ink, height, width, down, across) {
    const picture = new Float64Array(pixels);
    for (let i = 0; i < side; i++) {
      const line = new Float64Array(width);
      for (const [y, share] of down[i]) for (let x = 0; x < width; x++) line[x] += share * ink[y * width + x];
      for (let j = 0; j < side; j++) {
        let total = 0;
        for (const [x, share] of across[j]) total += share * line[x];
        picture[i * side + j] = Math.min(1, Math.max(0, total));
      }
    }
    return picture;
  }

  // Scaled until the longer side of the ink is data.ink pixels, with its centre of mass in the middle; null without ink.
  function prepare(ink, height, width) {
    let top = height, bottom = -1, left = width, right = -1, mass = 0, atY = 0, atX = 0;
    const marked = new Float64Array(ink.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = ink[y * width + x];
        if (value < data.inkFrom) continue;
        marked[y * width + x] = value;
        top = Math.min(top, y); bottom = Math.max(bottom, y);
        left = Math.min(left, x); right = Math.max(right, x);
        mass += value; atY += value * (y + 0.5); atX += value * (x + 0.5);
      }
    }
    if (bottom < 0) return null;
    const step = (Math.max(bottom - top, right - left) + 1) / (side * data.inkShare);
    const middle = side * data.centreShare + 0.5;
    const down = averages(height, step, atY / mass - middle * step);
    const across = averages(width, step, atX / mass - middle * step);
    return resample(marked, height, width, down, across);
  }

  // Not moved: each pixel is the mean of its part; null without ink.
  function shrink(ink, height, width) {
    if (!ink.some((value) => value >= data.inkFrom)) return null;
    return resample(ink, height, width, averages(height, height / side, 0), averages(width, width / side, 0));
  }

  const vectors = (() => {
    const all = data.white ? Float64Array.from(bytes(data.vectors), (value) => value / data.white) : floats(data.vectors);
    return Array.from({ length: all.length / pixels }, (_, n) => all.subarray(n * pixels, (n + 1) * pixels));
  })();

  // For programs and tests: the same functions that the page uses.
  window.knobs = { forward, prepare, shrink, vectors, data };

  // --------------------------------------------------------------------------------------------- the page

  const $ = (name) => section.querySelector(name);
  const desk = $(".desk"), paper = $(".paper"), cursor = $(".cursor"), eye = $(".eye"), verdict = $(".verdict");
  const inside = $(".inside"), switched = $(".prepared"), size = paper.width, cell = size / side;
  const names = data.classNames;
  const POSITIVE = [79, 176, 255], NEGATIVE = [255, 91, 74];
  const number = (value, places = 2) => (Math.abs(value) < 0.5 / 10 ** places ? 0 : value).toFixed(places).replace("-", "−");
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "style") element.style.cssText = value; else if (value !== null) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  function paint(canvas, values, colour) {
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d"), image = context.createImageData(side, side);
    values.forEach((value, n) => {
      const [red, green, blue] = colour(value);
      image.data.set([red, green, blue, 255], 4 * n);
    });
    context.putImageData(image, 0, 0);
  }
  const grey = (value) => { const level = Math.round(255 * Math.min(1, Math.max(0, value))); return [level, level, level]; };
  const signed = (limit) => (value) => {
    const share = limit ? Math.min(1, Math.abs(value) / limit) : 0;
    return (value < 0 ? NEGATIVE : POSITIVE).map((part) => Math.round(part * share));
  };

  // What was drawn, in the order in which it can be undone: strokes, single cells, pictures from the test set.
  let marks = [], current = null, chosen = null, run = null;
  const context = paper.getContext("2d", { willReadFrequently: true });

  function redraw() {
    context.fillStyle = "#000";
    context.fillRect(0, 0, size, size);
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = context.fillStyle = "#fff";
    context.lineWidth = data.pen * cell;
    for (const mark of marks) {
      if (mark.points) {
        context.beginPath();
        mark.points.forEach(([x, y], n) => (n ? context.lineTo(x, y) : context.moveTo(x, y)));
        if (mark.points.length === 1) context.lineTo(mark.points[0][0] + 0.01, mark.points[0][1]);
        context.stroke();
      } else if (mark.vector) {
        mark.vector.forEach((value, n) => {
          const level = Math.round(255 * value);
          context.fillStyle = `rgb(${level} ${level} ${level})`;
          context.fillRect((n % side) * cell, Math.floor(n / side) * cell, cell, cell);
        });
        context.fillStyle = "#fff";
      } else {
        context.fillStyle = mark.erase ? "#000" : "#fff";
        context.fillRect(mark.column * cell, mark.row * cell, cell, cell);
        context.fillStyle = "#fff";
      }
    }
    look();
  }

  function look() {
    const drawn = context.getImageData(0, 0, size, size).data;
    const ink = Float64Array.from({ length: size * size }, (_, n) => drawn[4 * n] / 255);
    const image = (switched.checked ? prepare : shrink)(ink, size, size);
    paint(eye, image || new Float64Array(pixels), grey);
    run = image && forward(image);
    show();
  }

  // ---- the neurons

  const columns = $(".columns"), discs = [];
  layers.forEach((layer, l) => {
    const last = l === layers.length - 1, count = layer.biases.length;
    const box = make("div", { class: last ? "layer outputs" : "layer", role: "group", style: `--rows:${Math.min(count, 16)}`,
      "aria-label": last ? "Outputs" : `Hidden layer ${l + 1}` });
    discs.push(Array.from({ length: count }, (_, j) => {
      const disc = make("button", { type: "button", class: "neuron", "aria-pressed": "false", tabindex: j ? "-1" : "0" });
      disc.addEventListener("click", () => { chosen = chosen && chosen[0] === l && chosen[1] === j ? null : [l, j]; show(); });
      disc.addEventListener("keydown", (event) => walk(event, l, j));
      if (last) box.append(make("div", {}, disc, make("span", { class: "name" }, names[j]), make("span", { class: "value" })));
      else box.append(disc);
      return disc;
    }));
    columns.append(box);
  });

  // The arrow keys go from neuron to neuron within a layer, and to the layers beside it.
  function walk(event, l, j) {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const to = discs[Math.min(discs.length - 1, Math.max(0, l + step[0]))];
    const target = to[Math.min(to.length - 1, Math.max(0, j + step[1]))];
    for (const disc of to) disc.tabIndex = disc === target ? 0 : -1;
    target.focus();
  }
  const called = (l, j) => (l === layers.length - 1 ? `Output ${names[j]}` : `Hidden layer ${l + 1}, neuron ${j}`);

  function show() {
    discs.forEach((column, l) => column.forEach((disc, j) => {
      const a = run ? run.columns[l + 1][j] : 0;
      disc.style.background = `rgb(${grey(a).join(" ")})`;
      disc.setAttribute("aria-label", run ? `${called(l, j)}: activation ${number(a)}` : called(l, j));
      disc.setAttribute("aria-pressed", String(Boolean(chosen && chosen[0] === l && chosen[1] === j)));
    }));
    const output = run && run.columns[layers.length], answer = run && brightest(output);
    columns.querySelectorAll(".outputs > div").forEach((row, j) => {
      row.classList.toggle("brightest", Boolean(run) && j === answer);
      row.querySelector(".value").textContent = run ? number(output[j]) : "";
    });
    verdict.textContent = run ? words(output, answer) : "There is no ink to look at yet: draw something.";
    eye.setAttribute("aria-label", run ? "What the network sees of the drawing" : "What the network sees: nothing yet");
    lines();
    details();
  }

  function words(output, answer) {
    const total = output.reduce((sum, value) => sum + value, 0);
    const also = output.map((value, j) => [value, j]).filter(([value, j]) => j !== answer && value >= 0.5);
    let text = output[answer] >= 0.5
      ? `The brightest output says ${names[answer]}: ${number(output[answer])}.`
      : `No output is bright; the brightest, at ${number(output[answer])}, is the one for ${names[answer]}.`;
    if (also.length) text += ` Also bright: ${also.map(([value, j]) => `${names[j]}, ${number(value)}`).join("; ")}.`;
    return `${text} The outputs add up to ${number(total)}: each speaks for itself.`;
  }

  // What flows from neuron to neuron, as bright as its share of the strongest flow into the same neuron.
  function lines() {
    const canvas = $(".lines"), box = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(box.width * ratio); canvas.height = Math.round(box.height * ratio);
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    if (!run) return;
    const middle = (disc) => { const b = disc.getBoundingClientRect(); return [b.x + b.width / 2 - box.x, b.y + b.height / 2 - box.y]; };
    const places = discs.map((column) => column.map(middle));
    for (let l = 1; l < layers.length; l++) {
      const a = run.columns[l], { weights, biases } = layers[l];
      for (let j = 0; j < biases.length; j++) {
        const flows = a.map((value, i) => weights[j * a.length + i] * value);
        const most = Math.max(...flows.map(Math.abs), 1e-9);
        const here = !chosen || (chosen[0] === l && chosen[1] === j) || (chosen[0] === l - 1);
        flows.forEach((flow, i) => {
          const strength = Math.abs(flow) / most * (!chosen || (here && (chosen[0] === l || chosen[1] === i)) ? 0.8 : 0.1);
          if (strength < 0.06) return;
          pen.strokeStyle = `rgb(${(flow < 0 ? NEGATIVE : POSITIVE).join(" ")} / ${strength})`;
          pen.beginPath(); pen.moveTo(...places[l - 1][i]); pen.lineTo(...places[l][j]); pen.stroke();
        });
      }
    }
  }

  // ---- one neuron, opened

  function details() {
    inside.replaceChildren();
    if (!chosen) {
      inside.append(make("p", { class: "quiet" }, "Choose a neuron to see its weights and what it has added up."));
      return;
    }
    const [l, j] = chosen, layer = layers[l], a = run ? run.columns[l] : null, count = layer.weights.length / layer.biases.length;
    const weights = layer.weights.subarray(j * count, (j + 1) * count);
    inside.append(make("h3", {}, called(l, j)));
    const products = a && Array.from(weights, (weight, i) => weight * a[i]);
    if (l === 0) pictures(weights, a, products); else terms(weights, a, products, l);
    if (!run) return;
    const sum = products.reduce((total, value) => total + value, 0), z = run.sums[l][j];
    const name = { sigmoid: "σ(z)", relu: "ReLU(z)", identity: "z" }[layer.activation];
    const result = make("p", { class: "result" }, `All w·a together: ${number(sum)}. Bias: `, make("span", { class: "b" }, number(layer.biases[j])),
      `. So z = ${number(z)}, and the activation is ${name} = `, make("span", { class: "a" }, number(run.columns[l + 1][j])), ".");
    inside.append(result);
  }

  function pictures(weights, a, products) {
    const readout = make("p", { class: "readout" }, "Blue is positive, red is negative; point at a pixel for its numbers.");
    const box = make("div", { class: "pictures" });
    const limit = Math.max(...Array.from(weights, (weight, i) => (data.neverSeen[i] === "1" ? 0 : Math.abs(weight))));
    const unseen = data.neverSeen.includes("1") ? "; grey: black in every training picture" : "";
    const hidden = (colour) => { let n = 0; return (value) => (data.neverSeen[n++] === "1" ? [58, 61, 68] : colour(value)); };
    const add = (title, values, colour) => {
      const canvas = make("canvas", { role: "img", "aria-label": title });
      paint(canvas, values, colour);
      canvas.addEventListener("pointermove", (event) => {
        const part = canvas.getBoundingClientRect();
        const column = Math.floor((event.clientX - part.x) / part.width * side), row = Math.floor((event.clientY - part.y) / part.height * side);
        if (column < 0 || row < 0 || column >= side || row >= side) return;
        const i = row * side + column;
        readout.textContent = `Row ${row}, column ${column}: weight ${number(weights[i], 3)}` +
          (a ? ` × pixel ${number(a[i])} = ${number(products[i], 3)}` : "");
      });
      box.append(make("figure", {}, canvas, make("figcaption", {}, title)));
    };
    add(`Its ${weights.length} weights, up to ±${number(limit)}${unseen}`, weights, hidden(signed(limit)));
    if (a) {
      add("The pixels it looks at, a", a, grey);
      const most = Math.max(...products.map(Math.abs));
      add(`Weight times pixel, w·a, up to ±${number(most)}`, products, signed(most));
    }
    inside.append(box, readout);
  }

  function terms(weights, a, products, l) {
    const order = Array.from(weights.keys());
    if (products) order.sort((one, other) => Math.abs(products[other]) - Math.abs(products[one]));
    const shown = order.slice(0, 16), most = products && Math.max(...products.map(Math.abs), 1e-9);
    const head = make("tr", {}, ...["neuron before", "weight w", ...(a ? ["its activation a", "w·a", ""] : [])].map((title) =>
      make(title ? "th" : "td", title ? { scope: "col" } : {}, title)));
    const rows = shown.map((i) => {
      const row = make("tr", {}, make("td", {}, String(i)), make("td", { class: "r" }, number(weights[i])));
      if (a) {
        const share = 50 * Math.abs(products[i]) / most, negative = products[i] < 0;
        const bar = make("i", { style: `${negative ? "right" : "left"}:50%;width:${share}%;background:rgb(${(negative ? NEGATIVE : POSITIVE).join(" ")})` });
        row.append(make("td", { class: "r" }, number(a[i])), make("td", { class: "r" }, number(products[i])),
          make("td", {}, make("span", { class: "bar-of", "aria-hidden": "true" }, bar)));
      }
      return row;
    });
    const table = make("table", { class: "terms" }, make("thead", {}, head), make("tbody", {}, ...rows));
    inside.append(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `What flows into ${called(l, chosen[1])}` }, table));
    if (order.length > shown.length && products) {
      const rest = order.slice(shown.length).reduce((total, i) => total + products[i], 0);
      inside.append(make("p", { class: "quiet" }, `The other ${order.length - shown.length} add up to ${number(rest)}.`));
    }
  }

  // ---- drawing

  const place = (event) => {
    const box = paper.getBoundingClientRect();
    return [(event.clientX - box.x) / box.width * size, (event.clientY - box.y) / box.height * size];
  };
  paper.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    paper.focus({ preventScroll: true });
    paper.setPointerCapture(event.pointerId);
    current = { points: [place(event)], pointer: event.pointerId };
    marks.push(current);
    redraw();
  });
  paper.addEventListener("pointermove", (event) => {
    if (!current || current.pointer !== event.pointerId) return;
    const passed = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const one of passed.length ? passed : [event]) current.points.push(place(one));
    redraw();
  });
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) paper.addEventListener(kind, () => { current = null; });

  let at = [Math.floor(side / 2), Math.floor(side / 2)];
  function showCursor() {
    const pen = cursor.getContext("2d");
    pen.clearRect(0, 0, size, size);
    pen.strokeStyle = "#ffd34d";
    pen.lineWidth = 2;
    pen.strokeRect(at[1] * cell + 1, at[0] * cell + 1, cell - 2, cell - 2);
  }
  const isInk = () => context.getImageData((at[1] + 0.5) * cell, (at[0] + 0.5) * cell, 1, 1).data[0] > 127;
  function inkCell(erase) { marks.push({ row: at[0], column: at[1], erase }); redraw(); }
  paper.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step) {
      at = at.map((value, n) => Math.min(side - 1, Math.max(0, value + step[n])));
      if (event.shiftKey && !isInk()) inkCell(false);
    } else if (event.key === " " || event.key === "Enter") inkCell(isInk());
    else if (event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey))) undo();
    else if (event.key === "Delete") clear();
    else return;
    event.preventDefault();
    showCursor();
    paper.setAttribute("aria-valuetext", `Row ${at[0]}, column ${at[1]}, ${isInk() ? "ink" : "empty"}`);
  });

  function undo() { marks = marks[marks.length - 1] && marks[marks.length - 1].cleared ? marks[marks.length - 1].cleared : marks.slice(0, -1); redraw(); }
  // Clearing can be undone, too.
  function clear() { if (marks.length) marks = [{ points: [], cleared: marks }]; redraw(); }
  $(".undo").addEventListener("click", undo);
  $(".clear").addEventListener("click", clear);
  data.samples.forEach((n) => {
    const canvas = make("canvas"), name = names[data.labels[n]];
    paint(canvas, vectors[n], grey);
    const button = make("button", { type: "button", "aria-label": `Picture of ${name} from the test set`, title: name }, canvas);
    button.addEventListener("click", () => { marks = [...marks, { vector: vectors[n] }]; redraw(); });
    $(".samples").append(button);
  });

  // ---- how much the preparation helps, measured here and now

  switched.addEventListener("change", () => { look(); setTimeout(measure, 30); });
  let measured = false;
  function measure() {
    if (measured) return;
    measured = true;
    let state = 1; // a small random number generator, the same for everybody (Park and Miller 1988)
    const chance = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const wide = 3 * side, right = [0, 0];
    vectors.forEach((vector, n) => {
      const scale = 3 * (0.5 + 0.45 * chance()), room = wide - scale * side;
      const y0 = room * chance(), x0 = room * chance(), ink = new Float64Array(wide * wide);
      for (let y = 0; y < wide; y++) for (let x = 0; x < wide; x++) {
        const row = Math.floor((y + 0.5 - y0) / scale), column = Math.floor((x + 0.5 - x0) / scale);
        if (row >= 0 && column >= 0 && row < side && column < side) ink[y * wide + x] = vector[row * side + column];
      }
      [prepare, shrink].forEach((way, which) => {
        const image = way(ink, wide, wide);
        if (image && brightest(forward(image).columns[layers.length]) === data.labels[n]) right[which] += 1;
      });
    });
    $(".measure").textContent = `Measured just now on ${vectors.length} test pictures, shrunk and moved at random: ` +
      `${right[0]} are read right when they are prepared, ${right[1]} when they are not.`;
  }

  desk.hidden = false;
  showCursor();
  redraw();
  addEventListener("resize", () => lines());
})();
