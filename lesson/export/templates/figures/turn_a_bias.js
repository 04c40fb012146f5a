// Turn a bias: the sums of one neuron over the test pictures, the curve that bends them, and the threshold between.
"use strict";
knobs.figures["turn-a-bias"] = (stage, { network, layers: trained, set }) => {
  const { elements, plot } = knobs, { make, number, whole, percent, button } = elements;
  const { layersIn, parametersOf, judge } = knobs.network, names = network.classNames;
  const parameters = parametersOf(trained), layers = layersIn(parameters, trained);
  const first = layers[0], bend = knobs.activations.named(first.activation), { called } = knobs.given.network.layers[0];
  const trainedScore = judge(trained, set);
  let j = knobs.given.network.strongestBias, lit = -1, sums = [];

  // The sum w·a of every test picture, without the bias.
  function measure() {
    const { starts, places, values } = set.sparse, weights = first.weights.subarray(j * first.inputs, (j + 1) * first.inputs);
    sums = set.labels.map((_, n) => {
      let total = 0;
      for (let k = starts[n]; k < starts[n + 1]; k++) total += weights[places[k]] * values[k];
      return total;
    });
    const most = Math.max(...sums.map(Math.abs), Math.abs(trained[0].biases[j]), 1) * 1.05;
    range = [-most, most];
    Object.assign(turn.input, { min: -most, max: most });
  }
  let range = [-1, 1];
  const bias = () => first.biases[j];
  const neurons = elements.choice("Neuron", Array.from({ length: first.neurons }, (_, n) => `${n}`), j, (to) => { j = to; measure(); show(); });
  const classes = elements.choice("Show", ["all pictures", ...names.map((name) => `only pictures of ${name}`)], 0, (to) => { lit = to - 1; show(); });
  const turn = elements.slider("Bias", { min: -1, max: 1, value: 0 }, (to) => number(to), (to) => { first.biases[j] = to; show(); });
  const typed = make("output", { class: "bias-value" });

  const BINS = 48;
  const frameOf = (width, height, bottom = 0) => plot.frame(width, height, { x: range, y: [bottom, 1], inset: [34, 16, 12, 40] });
  const chart = plot.surface(300, "How often each weighted sum occurs", (pen, width, height) => {
    // What becomes of every sum. Drawn up to 1, or to the largest if it goes beyond that; and below 0 where it goes there.
    const along = bend.together ? [] : Array.from({ length: 241 }, (_, n) => range[0] + (range[1] - range[0]) * n / 240);
    const bent = along.map((x) => bend.of(x + bias())), top = Math.max(1, ...bent), bottom = Math.max(-1, Math.min(0, ...bent) / top);
    const box = frameOf(width, height, bottom), threshold = -bias(), step = (range[1] - range[0]) / BINS;
    const chosen = sums.filter((_, n) => lit < 0 || set.labels[n] === lit);
    const counts = new Array(BINS).fill(0);
    for (const sum of chosen) counts[Math.min(BINS - 1, Math.floor((sum - range[0]) / step))] += 1;
    const most = Math.max(...counts, 1);
    counts.forEach((count, n) => {
      const x = range[0] + n * step, y = box.y(0.96 * count / most);
      // A bin through which the threshold goes is lit where its sums are above it.
      for (const [from, to, colour] of [[x, Math.min(x + step, threshold), "#4a525e"], [Math.max(x, threshold), x + step, "#ffd34d"]]) {
        if (to <= from || !count) continue;
        pen.fillStyle = colour;
        pen.fillRect(box.x(from), y, Math.max(0.5, box.x(to) - box.x(from) - (to === x + step ? 1 : 0)), box.y(0) - y);
      }
    });
    if (bent.length) plot.across(pen, box, bottom < -0.5 ? [-1, 0, 1] : [0, 1], (share) => number(share * top, top === 1 ? 0 : 1));
    plot.below(pen, box, plot.rounds(range, 4), (value) => number(value, 0));
    pen.textAlign = "center"; pen.fillStyle = plot.QUIET;
    pen.fillText("weighted sum, without the bias", (box.left + box.right) / 2, box.bottom + 23);
    plot.curve(pen, box, along.map((x, n) => [x, Math.max(-1, bent[n] / top)]), bend.high === 1 ? "#d59bf6" : "#a5d86a", 2.5);
    plot.upright(pen, box, Math.max(range[0], Math.min(range[1], threshold)), "#fff", 2);
    pen.fillStyle = "#fff"; pen.textBaseline = "bottom";
    const at = box.x(Math.max(range[0], Math.min(range[1], threshold)));
    pen.textAlign = at > box.right - 60 ? "right" : at < box.left + 60 ? "left" : "center";
    pen.fillText(`threshold ${number(threshold, 1)}`, at, box.top - 1);
  }, { class: "plot drag-sideways" });
  function drag(event) {
    if (!(event.buttons & 1)) return;
    const box = chart.canvas.getBoundingClientRect();
    const value = frameOf(box.width, box.height).valueAt(event.clientX - box.x);
    first.biases[j] = -Math.min(range[1], Math.max(range[0], value));
    show();
  }
  chart.canvas.addEventListener("pointerdown", (event) => { chart.canvas.setPointerCapture(event.pointerId); drag(event); });
  chart.canvas.addEventListener("pointermove", drag);

  const big = make("p", { class: "score" }), words = make("p", { class: "small" }), whole1 = make("p", { class: "small quiet" });
  const teller = elements.teller();
  function show() {
    const chosen = sums.filter((_, n) => lit < 0 || set.labels[n] === lit), lights = chosen.filter((sum) => sum + bias() > 0).length;
    turn.set(bias());
    typed.textContent = number(bias());
    big.replaceChildren(make("b", {}, percent(chosen.length ? lights / chosen.length : 0)), ` of ${whole(chosen.length)} pictures light it`);
    words.textContent = bend.together
      ? `Lit means that the sum is above the threshold, ${number(-bias())}, which is the bias with the other sign. What softmax makes of it depends on all the other sums, too.`
      : bend.of(0) === 0.5
      ? `Lit means more than one half: that is where the sum is above the threshold, ${number(-bias())}, which is the bias with the other sign.`
      : `Lit means more than ${number(bend.of(0), bend.of(0) ? 2 : 0)}: that is where the sum is above the threshold, ${number(-bias())}, which is the bias with the other sign.`;
    const score = judge(layers, set), moved = Array.from(first.biases).filter((value, n) => value !== trained[0].biases[n]).length;
    whole1.textContent = moved
      ? `With ${moved === 1 ? "this bias moved" : `${moved} biases moved`}, the whole network reads ${percent(score.right / score.of)} of the test pictures right; trained, it is ${percent(trainedScore.right / trainedScore.of)}.`
      : `The bias is as trained, and the whole network reads ${percent(score.right / score.of)} of the test pictures right.`;
    chart.canvas.setAttribute("aria-label", `How often each weighted sum occurs${bend.together ? "" : `, with ${called} over it`}. ${big.textContent}. Threshold ${number(-bias())}.`);
    teller.tell(`Bias ${number(bias())}. ${big.textContent}.`);
    chart.redraw();
  }
  const back = button("Back to trained", () => { parameters.set(parametersOf(trained)); show(); });
  stage.append(make("div", { class: "pane wide-pane" },
    make("div", { class: "fields" }, neurons.box, classes.box), chart.canvas,
    make("div", { class: "turn" }, turn.box, typed, back), big, words, whole1, teller.box));
  measure();
  show();
  knobs.biasing = { layers, sums: () => sums }; // for programs and tests
};
