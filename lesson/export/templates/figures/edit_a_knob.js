// Turn a knob: any weight or bias of the network is set by hand, and everything behind it follows at once.
"use strict";
knobs.figures["edit-a-knob"] = (stage, { network, layers: trained, set }) => {
  const { elements, heatMap, plot } = knobs, { make, number, whole, percent, button } = elements;
  const { layersIn, parametersOf, forward, judge, countOf } = knobs.network;
  const original = parametersOf(trained), knobCount = countOf(trained);
  const now = original.slice(), layers = layersIn(now, trained);
  const before = judge(trained, set);
  let l = 0, j = 0, i = 0; // the knob at hand: weight i of neuron j of layer l; −1 for its bias
  let picture = 0, random = knobs.chance(1), scrambled = [], history = [[0, before.right]];
  const spreads = trained.map(({ weights, biases }) => [weights, biases].map(spreadOf));
  const columnsOf = (layer) => (layer === 0 ? network.side : Math.min(trained[layer].inputs, 8));
  const nameOf = (layer) => (layer === trained.length - 1 ? _("Outputs") : _("Hidden layer {layer}", { layer: layer + 1 }));

  function spreadOf(values) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  }
  // Where a knob stands in the array of all knobs.
  function index(layer, neuron, input) {
    let start = 0;
    for (let k = 0; k < layer; k++) start += trained[k].weights.length + trained[k].biases.length;
    return input < 0 ? start + trained[layer].weights.length + neuron : start + neuron * trained[layer].inputs + input;
  }

  // ---- which knob

  const layerChoice = elements.choice(_("Layer"), trained.map((_, k) => nameOf(k)), 0, (to) => { l = to; j = 0; choose(0); });
  const neuronBox = make("div"), cellBox = make("div", { class: "cell-box" });
  const biasButton = button(_("Its bias"), () => choose(-1), { class: "bias", "aria-pressed": "false" });
  const readout = make("p", { class: "readout" });
  let field = null;

  function ofNeuron() { return layers[l].weights.subarray(j * layers[l].inputs, (j + 1) * layers[l].inputs); }
  const unseen = () => (l === 0 ? network.neverSeen : "");
  const rowAndColumn = (cell) => ({ row: Math.floor(cell / network.side), column: cell % network.side });
  function cellWords(cell) {
    const places = { ...rowAndColumn(cell), neuron: cell, weight: number(ofNeuron()[cell], 3) };
    if (l > 0) return _("The weight from neuron {neuron}: {weight}", places);
    return unseen()[cell] === "1" ? _("The weight for row {row}, column {column}: {weight}; this pixel is black in every training picture", places)
      : _("The weight for row {row}, column {column}: {weight}", places);
  }
  function nameOfKnob() {
    const neuron = net.called(l, j);
    if (i < 0) return _("{neuron}: its bias", { neuron });
    return l > 0 ? _("{neuron}: the weight from neuron {other}", { neuron, other: i })
      : _("{neuron}: the weight for row {row}, column {column}", { neuron, ...rowAndColumn(i) });
  }

  function choose(input) {
    i = input;
    const names = Array.from({ length: trained[l].neurons }, (_, n) => (l === trained.length - 1 ? network.classNames[n] : `${n}`));
    const neurons = elements.choice(l === trained.length - 1 ? _("Output") : _("Neuron"), names, j, (to) => { j = to; choose(i); });
    neuronBox.replaceChildren(neurons.box);
    field = knobs.cells.cells({
      label: l === trained.length - 1 ? _("The weights of output {name}", { name: names[j] }) : _("The weights of neuron {neuron}", { neuron: names[j] }),
      columns: columnsOf(l), count: trained[l].inputs, describe: cellWords,
      use: (cell) => pick(cell), over: (cell) => { readout.textContent = cell === null ? hint() : cellWords(cell); },
    });
    field.field.classList.toggle("flat", l > 0);
    cellBox.replaceChildren(field.field);
    if (l === 0 && i >= 0) i = strongest();
    pick(Math.min(i, trained[l].inputs - 1));
  }
  // To begin with, the weight that counts most for the picture at hand.
  function strongest() {
    const weights = ofNeuron(), image = set.vectors[picture];
    return weights.reduce((best, value, n) => (Math.abs(value * image[n]) > Math.abs(weights[best] * image[best]) ? n : best), 0);
  }
  const hint = () => _("Blue is positive, red is negative. Choose one of them to turn it.");
  function pick(input) {
    i = input;
    field.choose(i < 0 ? null : i);
    biasButton.setAttribute("aria-pressed", String(i < 0));
    sweep = null;
    const most = limit();
    Object.assign(turn.input, { min: -most, max: most });
    show();
    measureSweep();
  }

  // ---- turning it

  const largest = trained.map((layer) => Math.max(...[layer.weights, layer.biases].map((values) => heatMap.largest(values))));
  const limit = () => Math.ceil(Math.max(2 * largest[l], 5));
  const value = () => now[index(l, j, i)];
  function set1(to) { now[index(l, j, i)] = to; show(); }
  const turn = elements.slider(_("Turn it"), { min: -5, max: 5, value: 0 }, (to) => number(to), set1);
  const typed = make("input", { type: "number", step: "any", "aria-label": _("The knob as a number"), onchange: () => {
    if (Number.isFinite(typed.valueAsNumber)) set1(typed.valueAsNumber); else show();
  } });
  const knobName = make("p", { class: "heading knob-name" });

  // What the score is over the whole way of the slider; measured piece by piece, so that the page stays quick.
  let sweep = null, sweeping = 0;
  const sweepPlot = plot.surface(84, _("The score for every value of this knob"), (pen, width, height) => {
    const most = limit(), box = plot.frame(width, height, { x: [-most, most], y: [0, 1], inset: [8, 6, 8, 20] });
    pen.fillStyle = "#101318"; pen.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    plot.below(pen, box, [-most, 0, most], (x) => number(x, 0));
    if (sweep) plot.curve(pen, box, sweep, plot.INK, 1.5);
    plot.upright(pen, box, original[index(l, j, i)], plot.QUIET);
    const at = Math.max(-most, Math.min(most, value()));
    plot.upright(pen, box, at, "#ffd34d");
    plot.dot(pen, box, at, score.right / score.of, "#ffd34d");
  });
  function measureSweep() {
    const mine = (sweeping += 1), most = limit(), steps = 40, found = [], at = index(l, j, i);
    const trial = now.slice(), tried = layersIn(trial, trained);
    (function more() {
      if (mine !== sweeping) return;
      const started = performance.now();
      while (found.length <= steps && performance.now() - started < 12) {
        const x = -most + 2 * most * found.length / steps;
        trial[at] = x;
        found.push([x, judge(tried, set).right / set.labels.length]);
      }
      if (found.length <= steps) { setTimeout(more, 8); return; }
      sweep = found;
      const worst = found.reduce((least, one) => (one[1] < least[1] ? one : least)), rest = judgedWithout();
      sweepPlot.canvas.setAttribute("aria-label",
        _("The score for every value of this knob from {least} to {most}: at worst {share}, with the knob at {value}.",
          { least: number(-most, 0), most: number(most, 0), share: percent(worst[1]), value: number(worst[0], 1) }));
      spoil.textContent = worst[1] < rest
        ? _("Over the whole slider, this one knob can take the score from {high} down to {low}.", { high: percent(rest), low: percent(worst[1]) })
        : _("Over the whole slider, this one knob never takes the score below {low}.", { low: percent(rest) });
      sweepPlot.redraw();
    })();
  }
  // The score with this knob as trained, and the others as they are.
  function judgedWithout() {
    const trial = now.slice(), at = index(l, j, i);
    trial[at] = original[at];
    return judge(layersIn(trial, trained), set).right / set.labels.length;
  }
  const spoil = make("p", { class: "small quiet" });

  // ---- many at once

  function scramble(count) {
    const free = scrambled.length ? scrambled : (scrambled = Array.from(random.order(knobCount)));
    const chosen = new Set(free.splice(0, count));
    layers.forEach((layer, k) => {
      [layer.weights, layer.biases].forEach((values, kind) => {
        const start = index(k, 0, kind ? -1 : 0);
        for (let n = 0; n < values.length; n++) if (chosen.has(start + n)) values[n] = random.normal(spreads[k][kind]);
      });
    });
    spoiled = Math.min(knobCount, spoiled + count);
    show();
    history.push([spoiled, score.right]);
    historyPlot.redraw();
    measureSweep();
  }
  let spoiled = 0;
  function back() { now.set(original); spoiled = 0; scrambled = []; history = [[0, before.right]]; show(); historyPlot.redraw(); measureSweep(); }
  const steps = [1, 10, 100, 1000].filter((count) => count < knobCount / 2);
  const many = make("div", { class: "tools", role: "group", "aria-label": _("Set more knobs at random") },
    ...steps.map((count) => button(_n("{n} more", "{n} more", count), () => scramble(count))),
    button(_("All to random"), () => scramble(knobCount - spoiled)),
    button(_("Back to trained"), back));
  const historyPlot = plot.surface(130, _("The score against the number of knobs set at random"), (pen, width, height) => {
    const most = Math.max(10, history[history.length - 1][0]);
    const box = plot.frame(width, height, { x: [0, most], y: [0, 1] });
    plot.across(pen, box, [0, 0.5, 1], (share) => percent(share, 0));
    plot.below(pen, box, plot.rounds([0, most], 3), whole);
    const points = history.map(([count, right]) => [count, right / before.of]);
    plot.curve(pen, box, points, plot.INK);
    plot.dot(pen, box, ...points[points.length - 1], "#ffd34d");
  });
  const manyWords = make("p", { class: "small quiet" });

  // ---- what follows

  const eye = make("canvas", { class: "values small-picture", role: "img" });
  const net = knobs.diagram(trained, network.classNames, (layer, neuron) => { [l, j] = [layer, neuron]; layerChoice.select.selectedIndex = l; choose(i < 0 ? -1 : 0); });
  const samples = knobs.pictures.samples(set, network, (n) => { picture = n; show(); });
  const big = make("p", { class: "score" }), teller = elements.teller();
  let score = before;

  function show() {
    score = judge(layers, set);
    const run = forward(layers, set.vectors[picture]), answer = knobs.network.brightest(run.columns[trained.length]);
    const weights = ofNeuron(), at = index(l, j, i);
    field.paint(weights, heatMap.signed(heatMap.largest(original.subarray(index(l, j, 0), index(l, j, 0) + weights.length), unseen())), unseen());
    heatMap.paint(eye, set.vectors[picture], heatMap.grey, network.side);
    const truth = network.classNames[set.labels[picture]];
    eye.setAttribute("aria-label", _("A test picture of {name}", { name: truth }));
    net.show({ run, of: layers, pick: [l, j], weight: i < 0 ? null : [l, j, i] });
    turn.set(value());
    typed.value = Number(value().toFixed(4));
    knobName.textContent = nameOfKnob();
    readout.textContent = hint();
    const a = i < 0 ? null : run.columns[l][i];
    detail.textContent = together(
      i >= 0 && _("It carries w·a = {weight} × {activation} = {product}.", { weight: number(value()), activation: number(a), product: number(value() * a) }),
      _("The neuron has z = {z} and the activation {activation}. Trained, the knob stands at {trained}.",
        { z: number(run.sums[l][j]), activation: number(run.columns[l + 1][j]), trained: number(original[at], 3) }));
    const changed = now.reduce((count, one, n) => count + (one !== original[n]), 0);
    big.replaceChildren(..._e("{share} of {pictures} test pictures read right", { share: make("b", {}, percent(score.right / score.of)), pictures: whole(score.of) }));
    const said = { answer: network.classNames[answer], truth }, share = percent(score.right / score.of);
    const verdict = answer === set.labels[picture] ? _("This one is read as {answer}.", said) : _("This one is read as {answer}, and it is {truth}.", said);
    small.textContent = together(verdict, changed === 0 ? _("All knobs are as trained.")
      : _n("{n} knob of {all} moved; as trained, it is {share}.", "{n} knobs of {all} moved; as trained, it is {share}.", changed,
        { all: whole(knobCount), share: percent(before.right / before.of) }));
    manyWords.textContent = spoiled === 0
      ? _("A knob set at random is given a random number, spread as widely as the trained knobs of its layer.")
      : spoiled === knobCount
        ? _n("{n} knob set at random, which is all of them: {share} read right.", "{n} knobs set at random, which is all of them: {share} read right.", spoiled, { share })
        : _n("{n} knob set at random: {share} read right.", "{n} knobs set at random: {share} read right.", spoiled, { share });
    historyPlot.canvas.setAttribute("aria-label", _("The score against the number of knobs set at random: {words}", { words: manyWords.textContent }));
    teller.tell(together(_("{value}. {share} read right.", { value: number(value()), share }), verdict));
    sweepPlot.redraw();
  }
  const detail = make("p", { class: "small quiet" }), small = make("p", { class: "small" });

  stage.append(
    make("div", { class: "pane" },
      make("div", { class: "fields" }, layerChoice.box, neuronBox),
      cellBox, make("div", { class: "tools" }, biasButton), readout),
    make("div", { class: "pane" },
      knobName, make("div", { class: "turn" }, turn.box, typed), sweepPlot.canvas,
      make("div", { class: "tools" }, button(_("Put this knob back"), () => set1(original[index(l, j, i)]))),
      spoil, detail),
    make("div", { class: "pane wide-pane" },
      big, small,
      make("div", { class: "picture-and-net" }, make("div", {}, eye, samples), net.box), teller.box),
    make("div", { class: "pane wide-pane" },
      make("p", { class: "heading" }, _("How many at random until it fails?")), many, historyPlot.canvas, manyWords));
  choose(0);
  knobs.editing = { layers, judge: () => judge(layers, set), set }; // for programs and tests
};
