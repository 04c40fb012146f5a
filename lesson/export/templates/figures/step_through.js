// Step your digit through the layers: a pause at each, and every connection with its numbers.
"use strict";
knobs.figures["step-through"] = (stage, { network, layers, set }) => {
  const { elements, heatMap, neuronView } = knobs, { make, number, whole, button } = elements;
  const { forward, brightest } = knobs.network, names = network.classNames;
  let at = 1, pick = layers.map(() => null), run = null, image = null;

  const net = knobs.diagram(layers, names, (l, j) => { if (!run) return; if (l >= at) go(l + 1); pick[l] = j; open(l); });
  const before = button(_c("a button", "Back"), () => go(at - 1)), after = button(_("Next layer"), () => go(at + 1), { class: "main" });
  const words = make("p", { class: "moment", role: "status" }), inside = make("div", { class: "inside-neuron" });
  // How the sums of layer l become activations, in a sentence.
  function meeting(l) {
    const { activation, neurons, inputs } = layers[l], { low, high } = knobs.activations.named(activation);
    const places = { layer: l + 1, layers: layers.length, rows: whole(neurons), columns: whole(inputs) };
    if (activation === "relu") return _("Layer {layer} of {layers}: {rows} rows of {columns} weights meet that column; each sum gets its bias and is kept if it is above 0.", places);
    if (activation === "identity") return _("Layer {layer} of {layers}: {rows} rows of {columns} weights meet that column; each sum gets its bias and is left as it is.", places);
    if (activation === "softmax") return _("Layer {layer} of {layers}: {rows} rows of {columns} weights meet that column; each sum gets its bias and is turned into its share of 1 by softmax.", places);
    return Number.isFinite(high - low)
      ? _("Layer {layer} of {layers}: {rows} rows of {columns} weights meet that column; each sum gets its bias and is squashed between {low} and {high}.", { ...places, low: number(low, 0), high: number(high, 0) })
      : _("Layer {layer} of {layers}: {rows} rows of {columns} weights meet that column; each sum gets its bias and is bent by {function}.", { ...places, function: knobs.given.network.layers[l].sign });
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
    after.textContent = at === 0 ? _("First layer") : _("Next layer");
    inside.replaceChildren();
    if (!run) words.textContent = _("There is no ink to look at yet: draw something.");
    else if (at === 0) words.textContent = _("The picture is {numbers} numbers from 0 to 1, laid out as one long column. That is the input, a⁽⁰⁾.", { numbers: whole(layers[0].inputs) });
    else {
      const output = run.columns[layers.length];
      words.textContent = together(meeting(at - 1), at === layers.length && _("The brightest output says {name}.", { name: names[brightest(output)] }));
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
      "aria-label": _("The matrix of this layer, {rows} rows and {columns} columns; row {row} is marked", { rows: whole(layer.neurons), columns: whole(layer.inputs), row: j }) });
    heatMap.paint(matrix, layer.weights, heatMap.signed(heatMap.largest(weights, l === 0 ? network.neverSeen : "")), layer.inputs, l === 0 ? network.neverSeen.repeat(layer.neurons) : "");
    const mark = make("i", { class: "row-mark", style: { top: `${100 * j / layer.neurons}%`, height: `${100 / layer.neurons}%` } });
    const rows = make("div", { class: "matrix-box", onclick: (event) => {
      const box = matrix.getBoundingClientRect();
      pick[l] = Math.min(layer.neurons - 1, Math.max(0, Math.floor((event.clientY - box.y) / box.height * layer.neurons)));
      open(l);
    } }, matrix, mark);
    inside.replaceChildren(
      make("p", { class: "heading" }, _("{neuron} is row {row} of the matrix", { neuron: net.called(l, j), row: j })), rows,
      make("p", { class: "small quiet" }, _("W has {rows} rows, one for each neuron, and {columns} columns, one for each number that comes in. Choose another row, or another neuron.", { rows: whole(layer.neurons), columns: whole(layer.inputs) })),
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
