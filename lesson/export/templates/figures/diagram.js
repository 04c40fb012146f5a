// The network as discs and lines: how bright each neuron is, and what flows between them.
"use strict";
knobs.define("diagram", ({ elements, heatMap }) => {
  const MOST = 32; // discs in a column; of longer layers the first are drawn, and how many are left out is said

  // layers; names: of the outputs; chosen(l, j): a neuron was clicked, where it can be.
  function diagram(layers, names, chosen = null) {
    const canvas = elements.make("canvas", { class: "lines", "aria-hidden": "true" });
    const columns = elements.make("div", { class: "columns" });
    const discs = layers.map((layer, l) => {
      const last = l === layers.length - 1, count = Math.min(layer.neurons, last ? layer.neurons : MOST);
      const column = elements.make("div", { class: last ? "layer outputs" : "layer", role: "group",
        "aria-label": last ? _("Outputs") : _("Hidden layer {layer}", { layer: l + 1 }) });
      column.style.setProperty("--rows", Math.min(count, 16));
      const ofColumn = Array.from({ length: count }, (_, j) => {
        const disc = elements.make(chosen ? "button" : "span", chosen
          ? { type: "button", class: "neuron", "aria-pressed": "false", tabindex: j ? "-1" : "0", onclick: () => chosen(l, j),
            onkeydown: (event) => walk(event, l, j) }
          : { class: "neuron", role: "img" });
        if (last) {
          column.append(elements.make("div", {}, disc, elements.make("span", { class: "name", dir: "auto" }, names[j]),
            elements.make("span", { class: "value" })));
        } else column.append(disc);
        return disc;
      });
      if (count < layer.neurons) column.append(elements.make("span", { class: "more" }, `+${elements.whole(layer.neurons - count)}`));
      columns.append(column);
      return ofColumn;
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
    const called = (l, j) => (l === layers.length - 1 ? _("Output {name}", { name: names[j] })
      : _("Hidden layer {layer}, neuron {neuron}", { layer: l + 1, neuron: j }));

    // run: what `forward` gave, or null. of: the layers now. pick: [l, j] that is chosen. weight: [l, j, i], one line to
    // show. upTo: how many layers are shown, for those who go step by step; arriving: how far the lines into the next are.
    let last = null;
    function show({ run, of = layers, pick = null, weight = null, upTo = layers.length, arriving = 0 }) {
      last = { run, of, pick, weight, upTo, arriving };
      const output = run && upTo === layers.length ? run.columns[layers.length] : null;
      const answer = output && output.reduce((best, value, n) => (value > output[best] ? n : best), 0);
      discs.forEach((column, l) => column.forEach((disc, j) => {
        const known = run && l < upTo, a = known ? run.columns[l + 1][j] : 0, is = Boolean(pick && pick[0] === l && pick[1] === j);
        disc.style.background = heatMap.css(heatMap.grey(a));
        disc.setAttribute("aria-label", known ? _("{neuron}: activation {activation}", { neuron: called(l, j), activation: elements.number(a) }) : called(l, j));
        if (chosen) disc.setAttribute("aria-pressed", String(is));
        disc.classList.toggle("picked", is);
      }));
      columns.querySelectorAll(".outputs > div").forEach((row, j) => {
        row.classList.toggle("brightest", output !== null && j === answer);
        row.querySelector(".value").textContent = output ? elements.number(output[j]) : "";
      });
      lines();
    }

    // What flows from neuron to neuron, as bright as its share of the strongest flow into the same neuron.
    function lines() {
      const box = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
      if (!box.width || !last) return;
      canvas.width = Math.round(box.width * ratio); canvas.height = Math.round(box.height * ratio);
      const pen = canvas.getContext("2d"), { run, of, pick, weight, upTo, arriving } = last;
      pen.scale(ratio, ratio);
      const places = discs.map((column) => column.map((disc) => {
        const b = disc.getBoundingClientRect();
        return [b.x + b.width / 2 - box.x, b.y + b.height / 2 - box.y];
      }));
      const between = ([x0, y0], [x1, y1], share) => [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share];
      const line = (from, to, flow, opacity, width) => {
        pen.strokeStyle = heatMap.css(flow < 0 ? heatMap.NEGATIVE : heatMap.POSITIVE, opacity);
        pen.lineWidth = width;
        pen.beginPath(); pen.moveTo(...from); pen.lineTo(...to); pen.stroke();
      };
      for (let l = 1; l < Math.min(of.length, arriving ? upTo + 1 : upTo); l++) {
        const far = l < upTo ? 1 : arriving, a = run ? run.columns[l] : null, { weights, inputs } = of[l];
        places[l].forEach((to, j) => {
          const flows = places[l - 1].map((_, i) => (a ? weights[j * inputs + i] * a[i] : 0));
          const most = Math.max(...flows.map(Math.abs), 1e-9);
          flows.forEach((flow, i) => {
            const near = !pick || (pick[0] === l && pick[1] === j) || (pick[0] === l - 1 && pick[1] === i);
            const strength = Math.abs(flow) / most * (near ? 0.9 : 0.25);
            if (strength > 0.06) line(places[l - 1][i], between(places[l - 1][i], to, far), flow, strength, 1);
          });
        });
      }
      if (weight && weight[0] > 0 && places[weight[0] - 1][weight[2]] && weight[0] < upTo) {
        const [l, j, i] = weight;
        line(places[l - 1][i], places[l][j], of[l].weights[j * of[l].inputs + i], 1, 3);
      }
    }
    new ResizeObserver(lines).observe(canvas);
    return { box: elements.make("div", { class: "stage-of-neurons" }, canvas, columns), show, called };
  }
  return diagram;
});
