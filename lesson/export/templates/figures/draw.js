// Draw a digit: the trained network at work on what the reader draws.
"use strict";
knobs.figures.draw = (desk, { network, layers, set }) => {
  const { elements, heatMap, neuronView, diagram, drawing } = knobs, { make, number } = elements;
  const { forward, brightest } = knobs.network, names = network.classNames, side = network.side;
  const { prepare, shrink, extent } = knobs.preparation.preparation(network);
  const $ = (name) => desk.querySelector(name);
  const paper = $(".paper"), eye = $(".eye"), verdict = $(".verdict"), inside = $(".inside"), switched = $(".prepared"), hint = $(".hint");
  const size = paper.width, cell = size / side;
  const lastFunction = knobs.activations.named(layers[layers.length - 1].activation);
  let chosen = null, run = null, shownTo = layers.length, timer = null;

  const field = knobs.pad(paper, $(".cursor"), network, (ink) => {
    const image = (switched.checked ? prepare : shrink)(ink, size, size), found = image && extent(ink, size, size);
    heatMap.paint(eye, image || new Float64Array(side * side), heatMap.grey, side);
    eye.setAttribute("aria-label", image ? _("What the network sees of the drawing") : _("What the network sees: nothing yet"));
    // Enlarged to its proper size, a small drawing has a thicker stroke than any that the network has learned from.
    const small = switched.checked && found && found.longer / cell < network.inkShare * side * 0.55;
    hint.textContent = small ? _("That is small: enlarged for the network, your stroke gets very thick. Drawn larger, it is easier to read.") : "";
    stop();
    run = image && forward(layers, image);
    drawing.set(image, field);
    show();
  });

  const net = diagram(layers, names, (l, j) => { chosen = chosen && chosen[0] === l && chosen[1] === j ? null : [l, j]; show(); });
  $(".stage-of-neurons").replaceWith(net.box);

  function show() {
    net.show({ run, pick: chosen, upTo: shownTo });
    if (shownTo === layers.length) verdict.textContent = run ? words() : _("There is no ink to look at yet: draw something.");
    byLayer.disabled = !run;
    details();
  }

  function words() {
    const output = run.columns[layers.length], answer = brightest(output), { low, high } = lastFunction;
    if (low < 0 || high > 1) return _("The highest output says {name}: {activation}.", { name: names[answer], activation: number(output[answer]) });
    const also = output.map((value, j) => [value, j]).filter(([value, j]) => j !== answer && value >= 0.5);
    const places = { name: names[answer], activation: number(output[answer]), sum: number(output.reduce((sum, value) => sum + value, 0)) };
    return together(
      output[answer] >= 0.5 ? _("The brightest output says {name}: {activation}.", places)
        : _("No output is bright; the brightest, at {activation}, is the one for {name}.", places),
      also.length && _("Also bright: {outputs}.", { outputs: also.map(([value, j]) => [names[j], number(value)].join(_c("between the items of a list", ", "))).join(_c("between the clauses of a sentence", "; ")) }),
      lastFunction.together ? _("The outputs are shares of 1, so together they always come to 1.")
        : _("Each output gives its own class a mark from 0 to 1, whatever the others say, so they need not add up to 1; these come to {sum}.", places));
  }

  // ---- layer by layer, when that is wanted

  const byLayer = $(".by-layer");
  function stop() { cancelAnimationFrame(timer); clearTimeout(timer); shownTo = layers.length; }
  byLayer.addEventListener("click", () => {
    stop();
    shownTo = 0;
    verdict.textContent = _("The picture is in. Now layer by layer:");
    net.show({ run, pick: chosen, upTo: 0 });
    if (elements.calm()) step(); else flow(performance.now());
  });
  function arrive() {
    shownTo += 1;
    show();
    return shownTo < layers.length;
  }
  function step() { timer = setTimeout(() => { if (arrive()) step(); }, 1200); }
  function flow(since) {
    timer = requestAnimationFrame((now) => {
      const share = (now - since) / 900;
      if (share < 1) { net.show({ run, pick: chosen, upTo: shownTo, arriving: share }); flow(since); }
      else if (arrive()) flow(now);
    });
  }

  // ---- one neuron, opened

  function details() {
    if (!chosen) {
      inside.replaceChildren(make("p", { class: "quiet" }, _("Choose a neuron to see its weights and what it has added up.")));
      return;
    }
    const [l, j] = chosen, layer = layers[l], weights = layer.weights.subarray(j * layer.inputs, (j + 1) * layer.inputs);
    const a = run ? run.columns[l] : null;
    inside.replaceChildren(make("h3", {}, net.called(l, j)),
      ...(l === 0 ? neuronView.pixelView(network, weights, a) : neuronView.termView(net.called(l, j), weights, a)),
      ...(run ? [neuronView.result(layer, j, run, l)] : []));
  }

  $(".undo").addEventListener("click", field.undo);
  $(".clear").addEventListener("click", field.clear);
  $(".samples").replaceWith(knobs.pictures.samples(set, network, (n) => field.add(set.vectors[n])));
  drawing.follow(field, (image) => { if (image) { field.clear(); field.add(image); } });

  // ---- how much the preparation helps, measured here and now

  switched.addEventListener("change", () => { field.redraw(); setTimeout(measure, 30); });
  let measured = false;
  function measure() {
    if (measured) return;
    measured = true;
    const random = knobs.chance(1), wide = 3 * side, right = [0, 0], few = set.vectors.slice(0, 200);
    few.forEach((vector, n) => {
      const scale = 3 * (0.5 + 0.45 * random.uniform()), room = wide - scale * side;
      const y0 = room * random.uniform(), x0 = room * random.uniform(), ink = new Float64Array(wide * wide);
      for (let y = 0; y < wide; y++) for (let x = 0; x < wide; x++) {
        const row = Math.floor((y + 0.5 - y0) / scale), column = Math.floor((x + 0.5 - x0) / scale);
        if (row >= 0 && column >= 0 && row < side && column < side) ink[y * wide + x] = vector[row * side + column];
      }
      [prepare, shrink].forEach((way, which) => {
        const image = way(ink, wide, wide);
        if (image && brightest(forward(layers, image).columns[layers.length]) === set.labels[n]) right[which] += 1;
      });
    });
    $(".measure").textContent = _("Measured just now on {pictures} test pictures, shrunk and moved at random: {prepared} are read right when they are prepared, {unprepared} when they are not.",
      { pictures: few.length, prepared: right[0], unprepared: right[1] });
  }

  desk.hidden = false;
  field.redraw();
  // For programs and tests: the same functions that the page uses.
  Object.assign(knobs, { drawn: { prepare, shrink, forward: (image) => forward(layers, image), vectors: set.vectors } });
};
