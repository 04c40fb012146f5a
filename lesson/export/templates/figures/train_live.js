// Train it live: the same network learns in the reader's browser, from random weights, by the lesson's own rule.
"use strict";
knobs.figures["train-live"] = (stage, { network, layers: trained, set }) => {
  const { elements, plot } = knobs, { make, number, whole, percent, button } = elements;
  const { layersIn, sizesOf, judge } = knobs.network, given = knobs.given.live;
  const best = judge(trained, set), rates = given.rates;
  let learner = null, seed = 1, state = null, history = [], rate = given.rate;

  const section = stage.closest("[data-figure]");
  const load = button(_("Load {pictures} training pictures ({size} MB)", { pictures: whole(given.count), size: number(given.bytes / 1e6, 1) }), begin, { class: "main" });
  const controls = make("div", { class: "tools", hidden: true },
    button(_c("a button", "Learn"), () => learner.tell({ say: state?.going ? "stop" : "go" }), { class: "main" }),
    button(_("One mini-batch"), () => learner.tell({ say: "step", steps: 1 })),
    button(_("Start again"), restart));
  const [go, one] = controls.children;
  const choice = elements.choice(_("Learning rate"), rates.map((one) => inFigures(String(one))), rates.indexOf(given.rate), (n) => { rate = rates[n]; if (learner) learner.tell({ rate }); });
  const pictures = knobs.weightPictures(network, trained[0].neurons);
  const weights = make("div", { class: "pane wide-pane", hidden: true }, make("p", { class: "heading" }, _("The weights of the first layer")), pictures.box);
  const big = make("p", { class: "score" }), words = make("p", { class: "small", role: "status" }), note = make("p", { class: "small quiet" });

  const curves = plot.surface(170, _("Score and cost so far: nothing yet"), (pen, width, height) => {
    const total = history.length ? history[0].total / history[0].stepsAnEpoch : given.epochs;
    const box = plot.frame(width, height, { x: [0, total], y: [0, 1] }), costs = history.map(({ cost }) => cost);
    const most = Math.max(1, ...costs.filter(Number.isFinite));
    plot.across(pen, box, [0, 0.5, 1], (share) => percent(share, 0));
    plot.below(pen, box, plot.rounds([0, total], 4), (epoch) => (epoch ? whole(epoch) : _c("at an axis", "epoch {epoch}", { epoch: whole(0) })));
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
    load.textContent = _("Loading …");
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
      load.textContent = _("Try again");
      words.textContent = _("The training pictures could not be loaded ({problem}).", { problem: problem.message });
    }
  }
  const script = (address) => new Promise((done, failed) => {
    const element = make("script", { src: address, onload: done, onerror: () => failed(new Error(_("{file} is missing", { file: address }))) });
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
    go.textContent = report.going ? _c("a button", "Stop") : report.finished ? _c("a button", "Finished") : report.done ? _c("a button", "Go on") : _c("a button", "Learn");
    go.disabled = one.disabled = report.finished;
    one.disabled = report.going || report.finished;
    big.replaceChildren(..._e("{share} of {pictures} test pictures read right", { share: make("b", {}, percent(report.right / report.of)), pictures: whole(report.of) }));
    const where = report.done === 0 ? _("Random weights: it knows nothing yet.")
      : _n("Epoch {epoch} of {epochs}, after {n} mini-batch of {size}, in {seconds} s of learning. Cost {cost}.",
        "Epoch {epoch} of {epochs}, after {n} mini-batches of {size}, in {seconds} s of learning. Cost {cost}.", report.done,
        { epoch: number(epoch, 1), epochs: given.epochs, size: given.batch, seconds: number(report.spent / 1000, 1), cost: number(report.cost, 3) });
    words.textContent = broken ? _("The knobs have run away: the cost is no longer a number. Start again with a lower learning rate.")
      : together(where, report.finished && _("Finished."));
    words.setAttribute("aria-live", report.going ? "off" : "polite");
    curves.canvas.setAttribute("aria-label", _("Score and cost so far. {score}. {words}", { score: big.textContent, words: where }));
    curves.redraw();
  }
  note.textContent = _("The dashed line is the network of this lesson, {share}. It learned longer, and from {all} pictures; here it is {pictures}, which come with this page. Cost and score are taken on test pictures, which it never trains on.",
    { share: percent(best.right / best.of), all: whole(given.all), pictures: whole(given.count) });
  stage.append(
    make("div", { class: "pane wide-pane" }, make("div", { class: "fields" }, load, controls, choice.box), big, words, curves.canvas,
      make("p", { class: "small quiet legend" }, ..._e("{score_key} read right, {cost_key} cost, as a share of its highest",
        { score_key: make("i", { class: "key right-key" }), cost_key: make("i", { class: "key cost-key" }) })), note),
    weights);
};
