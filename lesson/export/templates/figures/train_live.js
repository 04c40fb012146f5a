// Train it live: the same network learns in the reader's browser, from random weights, by the lesson's own rule.
"use strict";
knobs.figures["train-live"] = (stage, { network, layers: trained, set }) => {
  const { elements, plot } = knobs, { make, number, whole, percent, button } = elements;
  const { layersIn, sizesOf, judge } = knobs.network, given = knobs.given.live;
  const best = judge(trained, set), rates = given.rates;
  let learner = null, seed = 1, state = null, history = [], rate = given.rate;

  const section = stage.closest("[data-figure]");
  const load = button(`Load ${whole(given.count)} training pictures (${number(given.bytes / 1e6, 1)} MB)`, begin, { class: "main" });
  const controls = make("div", { class: "tools", hidden: true },
    button("Learn", () => learner.tell({ say: state?.going ? "stop" : "go" }), { class: "main" }),
    button("One mini-batch", () => learner.tell({ say: "step", steps: 1 })),
    button("Start again", restart));
  const [go, one] = controls.children;
  const choice = elements.choice("Learning rate", rates.map(String), rates.indexOf(given.rate), (n) => { rate = rates[n]; if (learner) learner.tell({ rate }); });
  const pictures = knobs.weightPictures(network, trained[0].neurons);
  const weights = make("div", { class: "pane wide-pane", hidden: true }, make("p", { class: "heading" }, "The weights of the first layer"), pictures.box);
  const big = make("p", { class: "score" }), words = make("p", { class: "small", role: "status" }), note = make("p", { class: "small quiet" });

  const curves = plot.surface(170, "Score and cost so far: nothing yet", (pen, width, height) => {
    const total = history.length ? history[0].total / history[0].stepsAnEpoch : given.epochs;
    const box = plot.frame(width, height, { x: [0, total], y: [0, 1] }), costs = history.map(({ cost }) => cost);
    const most = Math.max(1, ...costs.filter(Number.isFinite));
    plot.across(pen, box, [0, 0.5, 1], (share) => `${100 * share} %`);
    plot.below(pen, box, plot.rounds([0, total], 4), (epoch) => (epoch ? whole(epoch) : "epoch 0"));
    pen.setLineDash([4, 4]);
    plot.curve(pen, box, [[0, best.right / best.of], [total, best.right / best.of]], plot.QUIET, 1);
    pen.setLineDash([]);
    const along = history.filter(({ cost }) => Number.isFinite(cost)).map((one) => [one.done / one.stepsAnEpoch, one]);
    plot.curve(pen, box, along.map(([x, { cost }]) => [x, cost / most]), "#ff9eaf");
    plot.curve(pen, box, along.map(([x, { right, of }]) => [x, right / of]), "#ffd34d", 2.5);
    if (along.length) { const [x, { right, of }] = along[along.length - 1]; plot.dot(pen, box, x, right / of, "#ffd34d"); }
  });

  async function begin() {
    load.disabled = true;
    load.textContent = "Loading …";
    try {
      if (!knobs.given.training_pictures) await script(section.dataset.training);
      const training = await knobs.pictures.open("training_pictures");
      learner = await knobs.crew.hire(section.dataset.worker, hear);
      const settings = { sizes: sizesOf(trained), activations: trained.map(({ activation }) => activation), epochs: given.epochs, batch: given.batch, rate };
      learner.tell({ training: { sparse: training.sparse, labels: training.labels }, test: { sparse: set.sparse, labels: set.labels }, settings, seed });
      load.hidden = true;
      controls.hidden = weights.hidden = false;
      knobs.training = { learner, settings, state: () => state, history: () => history }; // for programs and tests
    } catch (problem) {
      load.disabled = false;
      load.textContent = "Try again";
      words.textContent = `The training pictures could not be loaded (${problem.message}).`;
    }
  }
  const script = (address) => new Promise((done, failed) => {
    const element = make("script", { src: address, onload: done, onerror: () => failed(new Error(`${address} is missing`)) });
    document.head.append(element);
  });
  function restart() {
    seed += 1;
    learner.tell({ say: "stop" });
    learner.tell({ seed });
  }

  function hear(report) {
    if (history.length && report.done < history[history.length - 1].done) history = [];
    state = report;
    if (!history.length || history[history.length - 1].done !== report.done) history.push(report);
    const layers = layersIn(report.parameters, trained), epoch = report.done / report.stepsAnEpoch;
    const broken = !Number.isFinite(report.cost);
    if (!broken) pictures.show(layers[0]);
    go.textContent = report.going ? "Stop" : report.finished ? "Finished" : report.done ? "Go on" : "Learn";
    go.disabled = one.disabled = report.finished;
    one.disabled = report.going || report.finished;
    big.replaceChildren(make("b", {}, percent(report.right / report.of)), ` of ${whole(report.of)} test pictures read right`);
    const where = report.done === 0 ? "Random weights: it knows nothing yet." : `Epoch ${number(epoch, 1)} of ${given.epochs}, after ${whole(report.done)} mini-batches of ${given.batch}, in ${number(report.spent / 1000, 1)} s of learning. Cost ${number(report.cost, 3)}.`;
    words.textContent = broken ? "The knobs have run away: the cost is no longer a number. Start again with a lower learning rate."
      : report.finished ? `${where} Finished.` : where;
    words.setAttribute("aria-live", report.going ? "off" : "polite");
    curves.canvas.setAttribute("aria-label", `Score and cost so far. ${big.textContent}. ${where}`);
    curves.redraw();
  }
  note.textContent = `The dashed line is the network of this lesson, ${percent(best.right / best.of)}. It learned longer, and from ${whole(given.all)} pictures; here it is ${whole(given.count)}, which come with this page. Cost and score are taken on test pictures, which it never trains on.`;
  stage.append(
    make("div", { class: "pane wide-pane" }, make("div", { class: "fields" }, load, controls, choice.box), big, words, curves.canvas,
      make("p", { class: "small quiet legend" }, make("i", { class: "key right-key" }), " read right, ", make("i", { class: "key cost-key" }), " cost, as a share of its highest"), note),
    weights);
};
