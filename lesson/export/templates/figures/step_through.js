// Step your digit through the layers: a pause at each, and every connection with its numbers.
"use strict";
knobs.figures["step-through"] = (stage, { network, layers, set }) => {
  const { elements, heatMap, neuronView } = knobs, { make, number, whole, button } = elements;
  const { forward, brightest } = knobs.network, names = network.classNames;
  let at = 1, pick = layers.map(() => null), run = null, image = null;

  const net = knobs.diagram(layers, names, (l, j) => { if (!run) return; if (l >= at) go(l + 1); pick[l] = j; open(l); });
  const before = button("Back", () => go(at - 1)), after = button("Next layer", () => go(at + 1), { class: "main" });
  const words = make("p", { class: "moment", role: "status" }), inside = make("div", { class: "inside-neuron" });
  const special = { relu: "kept if it is above 0", identity: "left as it is", softmax: "turned into its share of 1 by softmax" };
  function bending(l) {
    const { activation } = layers[l], { low, high } = knobs.activations.named(activation);
    if (special[activation]) return special[activation];
    return Number.isFinite(high - low) ? `squashed between ${number(low, 0)} and ${number(high, 0)}` : `bent by ${knobs.given.network.layers[l].sign}`;
  }

  function go(to) {
    at = Math.min(layers.length, Math.max(0, to));
    show();
  }
  // Without a choice, the neuron that lit up most.
  const chosen = (l) => pick[l] ?? (run ? brightest(run.columns[l + 1]) : 0);

  function show() {
    before.disabled = at === 0;
    after.disabled = at === layers.length || !run;
    after.textContent = at === 0 ? "First layer" : "Next layer";
    inside.replaceChildren();
    if (!run) words.textContent = "There is no ink to look at yet: draw something.";
    else if (at === 0) words.textContent = `The picture is ${whole(layers[0].inputs)} numbers from 0 to 1, laid out as one long column. That is the input, a⁽⁰⁾.`;
    else {
      const { neurons, inputs } = layers[at - 1], output = run.columns[layers.length];
      words.textContent = `Layer ${at} of ${layers.length}: ${neurons} rows of ${whole(inputs)} weights meet that column; each sum gets its bias and is ${bending(at - 1)}.` +
        (at === layers.length ? ` The brightest output says ${names[brightest(output)]}.` : "");
      open(at - 1);
      return;
    }
    net.show({ run, upTo: at });
  }

  // Layer l, with one neuron of it opened: its row of the matrix.
  function open(l) {
    const j = chosen(l), layer = layers[l], weights = layer.weights.subarray(j * layer.inputs, (j + 1) * layer.inputs), a = run.columns[l];
    net.show({ run, upTo: at, pick: [l, j] });
    const matrix = make("canvas", { class: "values matrix", role: "img",
      "aria-label": `The matrix of this layer, ${layer.neurons} rows and ${layer.inputs} columns; row ${j} is marked` });
    heatMap.paint(matrix, layer.weights, heatMap.signed(heatMap.largest(weights, l === 0 ? network.neverSeen : "")), layer.inputs, l === 0 ? network.neverSeen.repeat(layer.neurons) : "");
    const mark = make("i", { class: "row-mark", style: { top: `${100 * j / layer.neurons}%`, height: `${100 / layer.neurons}%` } });
    const rows = make("div", { class: "matrix-box", onclick: (event) => {
      const box = matrix.getBoundingClientRect();
      pick[l] = Math.min(layer.neurons - 1, Math.max(0, Math.floor((event.clientY - box.y) / box.height * layer.neurons)));
      open(l);
    } }, matrix, mark);
    inside.replaceChildren(
      make("p", { class: "heading" }, `${net.called(l, j)} is row ${j} of the matrix`), rows,
      make("p", { class: "small quiet" }, `W has ${layer.neurons} rows, one for each neuron, and ${whole(layer.inputs)} columns, one for each number that comes in. Choose another row, or another neuron.`),
      ...(l === 0 ? neuronView.pixelView(network, weights, a)
        : neuronView.termView(net.called(l, j), weights, a, (i) => net.show({ run, upTo: at, pick: [l, j], weight: i === null ? null : [l, j, i] }))),
      neuronView.result(layer, j, run, l));
  }

  const pad = knobs.readerPad(network, set, 0, (to) => {
    image = to;
    run = image && forward(layers, image);
    show();
  });
  stage.append(
    make("div", { class: "pane" }, pad.box),
    make("div", { class: "pane" }, make("div", { class: "tools" }, before, after), words, net.box),
    make("div", { class: "pane wide-pane" }, inside));
  show();
  knobs.stepping = { go, run: () => run }; // for programs and tests
};
