// Scrub the training: the recorded run, back and forth; weights, score, cost and the reader's own drawing follow.
"use strict";
knobs.figures["scrub-the-training"] = async (stage, { network, layers: trained, set }) => {
  const { elements, plot } = knobs, { make, number, whole, percent, button } = elements;
  const { layersIn, forward, judge, countOf, brightest } = knobs.network, names = network.classNames;
  const given = knobs.given.recording, bytes = await knobs.packing.unpack(given.packed);
  const all = given.bits === 16 ? knobs.packing.halves(bytes) : knobs.packing.floats(bytes), size = countOf(trained);
  const moments = given.epochs.map((epoch, n) => ({ epoch, step: given.steps[n], layers: layersIn(all.subarray(n * size, (n + 1) * size), trained) }));
  moments[moments.length - 1].layers = trained; // the end of the run is the network itself
  let at = moments.length - 1, image = null, label = null, timer = null;

  const pictures = knobs.weightPictures(network, trained[0].neurons), outputs = knobs.outputs(names);
  const limit = pictures.show(trained[0]);
  const when = ({ epoch, step }) => (step === 0 ? _("Before training") : epoch < 1
    ? _n("After {n} mini-batch", "After {n} mini-batches", step) : _("Epoch {epoch}", { epoch: number(epoch, epoch < 10 ? 1 : 0) }));
  const slider = elements.slider(_("Moment of the run"), { min: 0, max: moments.length - 1, step: 1, value: at },
    (n) => when(moments[n]), (n) => { stop(); go(n); });
  const play = button(_c("a button", "Play"), () => (timer ? stop() : start()), { class: "play" });
  const words = make("p", { class: "moment" }), verdict = make("p", { class: "verdict" }), teller = elements.teller();

  // ---- the score at every moment, measured here on the test pictures

  const scores = new Array(moments.length).fill(null);
  const curves = plot.surface(150, _("Score and cost over the run"), (pen, width, height) => {
    const known = scores.map((score, n) => [n, score]).filter(([, score]) => score);
    const most = Math.max(1, ...known.map(([, { cost }]) => cost));
    const box = plot.frame(width, height, { x: [0, moments.length - 1], y: [0, 1] });
    plot.across(pen, box, [0, 0.5, 1], (share) => percent(share, 0));
    plot.curve(pen, box, known.map(([n, { right, of }]) => [n, right / of]), plot.INK);
    plot.curve(pen, box, known.map(([n, { cost }]) => [n, cost / most]), "#ff9eaf");
    const parts = width < 480 ? 2 : 4; // of the axis, with room for words between them
    const room = Array.from({ length: parts + 1 }, (_, n) => Math.round(n * (moments.length - 1) / parts));
    plot.below(pen, box, room, (n) => (moments[n].step === 0 ? _c("at an axis", "start") : _c("at an axis", "epoch {epoch}", { epoch: number(moments[n].epoch, moments[n].epoch < 10 ? 1 : 0) })));
    plot.upright(pen, box, at, "#ffd34d");
    const here = scores[at];
    if (here) { plot.dot(pen, box, at, here.right / here.of, plot.INK); plot.dot(pen, box, at, here.cost / most, "#ff9eaf"); }
  });
  function drag(event) {
    if (!(event.buttons & 1)) return;
    const box = curves.canvas.getBoundingClientRect(), frame = plot.frame(box.width, box.height, { x: [0, moments.length - 1], y: [0, 1] });
    stop();
    go(Math.round(Math.min(moments.length - 1, Math.max(0, frame.valueAt(event.clientX - box.x)))));
  }
  curves.canvas.addEventListener("pointerdown", (event) => { curves.canvas.setPointerCapture(event.pointerId); drag(event); });
  curves.canvas.addEventListener("pointermove", drag);

  function measure() {
    const started = performance.now();
    for (let n = moments.length - 1; n >= 0; n--) {
      if (scores[n]) continue;
      if (performance.now() - started > 12) { curves.redraw(); setTimeout(measure, 8); return; }
      scores[n] = judge(moments[n].layers, set);
    }
    show();
  }

  function go(n) { at = n; slider.set(n); show(); }
  function show() {
    const moment = moments[at], score = (scores[at] ??= judge(moment.layers, set));
    pictures.show(moment.layers[0], limit);
    const run = image && forward(moment.layers, image), values = run && run.columns[trained.length];
    outputs.show(values);
    words.replaceChildren(..._e("{when} {share} of {pictures} test pictures read right, cost {cost}",
      { when: make("b", {}, when(moment)), share: percent(score.right / score.of), pictures: whole(score.of), cost: number(score.cost, 3) }));
    const places = values && { name: names[label], answer: names[brightest(values)], activation: number(Math.max(...values)) };
    verdict.textContent = !values ? _("Draw something, and see what the network made of it at every moment.")
      : label === null ? _("At this moment the network reads your drawing as {answer}, at {activation}.", places)
        : _("At this moment the network reads this {name} as {answer}, at {activation}.", places);
    curves.canvas.setAttribute("aria-label", together(_("Score and cost over the run."), words.textContent));
    teller.tell(_("{words}. {verdict}", { words: words.textContent, verdict: verdict.textContent }));
    curves.redraw();
  }

  function start() {
    if (at === moments.length - 1) go(0);
    play.textContent = _c("a button", "Pause");
    timer = setInterval(() => (at === moments.length - 1 ? stop() : go(at + 1)), elements.calm() ? 900 : 220);
  }
  function stop() { clearInterval(timer); timer = null; play.textContent = _c("a button", "Play"); }

  const pad = knobs.readerPad(network, set, 0, (to, its) => { image = to; label = its; show(); });
  stage.append(
    make("div", { class: "pane wide-pane" }, make("div", { class: "turn" }, play, slider.box), words, curves.canvas,
      make("p", { class: "small quiet legend" }, ..._e("{score_key} read right, {cost_key} cost, as a share of its highest. Both measured here, at every moment that the recording kept.",
        { score_key: make("i", { class: "key score-key" }), cost_key: make("i", { class: "key cost-key" }) }))),
    make("div", { class: "pane" }, pad.box),
    make("div", { class: "pane" }, make("p", { class: "heading" }, _("What it says to that")), outputs.box, verdict),
    make("div", { class: "pane wide-pane" },
      make("p", { class: "heading" }, _("The weights of the first layer, up to ±{limit}", { limit: number(limit, 1) })), pictures.box, teller.box));
  show();
  measure();
  knobs.scrubbing = { moments, scores, go }; // for programs and tests
};
