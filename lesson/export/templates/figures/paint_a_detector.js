// Paint a detector: weights of +1, −1 and 0 are laid on the picture by hand, and many digits at once light it or do not.
"use strict";
knobs.figures["paint-a-detector"] = (stage, { network, set }) => {
  const { elements, heatMap } = knobs, { make, number, percent, button } = elements;
  const side = network.side, pixels = side * side, names = network.classNames;
  const examples = knobs.given.detectors; // the film's own, set by hand: [{name, weights, bias}]
  const weights = new Float32Array(pixels);
  let bias = 0, brush = 1, gestureStart = 1;
  const byClass = names.map((_, label) => set.labels.flatMap((its, n) => (its === label ? [n] : [])));
  const shown = [pairOf("7", 0), pairOf("4", 1)];
  function pairOf(name, otherwise) { const found = names.indexOf(name); return found < 0 ? Math.min(otherwise, names.length - 1) : found; }

  // ---- the grid

  const describe = (cell) => _("Row {row}, column {column}: {weight}",
    { row: Math.floor(cell / side), column: cell % side, weight: number(weights[cell], weights[cell] % 1 ? 1 : 0) });
  const grid = knobs.cells.cells({
    label: _("The weights of your detector. Arrow keys move, space paints, shift and an arrow key paint as you go"),
    columns: side, count: pixels, describe, drags: true,
    // A click where this colour is takes it away; a drag goes on as it began.
    use(cell, dragging) {
      if (!dragging) gestureStart = brush && weights[cell] === brush ? 0 : brush;
      weights[cell] = gestureStart;
      grid.paint(weights, heatMap.signed(1));
      follow();
    },
  });
  const brushes = make("div", { class: "tools", role: "radiogroup", "aria-label": _("Brush") });
  const group = elements.freshId("brush");
  for (const [value, words] of [[1, "+1"], [-1, "-1"], [0, "0"]]) {
    brushes.append(make("label", { class: `brush ${value > 0 ? "plus" : value < 0 ? "minus" : ""}` },
      make("input", { type: "radio", name: group, checked: value === brush, onchange: () => { brush = value; } }), make("span", { dir: "ltr" }, inFigures(words))));
  }
  const reach = Math.max(5, Math.round(30 * pixels / 784));
  const turn = elements.slider(_("Bias"), { min: -reach, max: reach, step: "any", value: 0 }, (to) => number(to, 1), (to) => { bias = to; follow(); });
  const biasWords = make("output", { class: "bias-value" });
  function load(detector) {
    if (detector) { weights.set(knobs.packing.floats(knobs.packing.bytes(detector.weights))); bias = detector.bias; }
    else { weights.fill(0); bias = 0; }
    turn.set(bias);
    grid.paint(weights, heatMap.signed(1));
    show();
  }
  const loads = make("div", { class: "tools" },
    ...examples.map((one) => button(one.name, () => load(one))), button(_("Clear"), () => load(null)));

  // ---- the digits: sums of all of them, some to be seen

  const { starts, places, values } = set.sparse;
  function sums() {
    const found = new Float64Array(set.labels.length);
    for (let n = 0; n < found.length; n++) {
      let total = 0;
      for (let k = starts[n]; k < starts[n + 1]; k++) total += weights[places[k]] * values[k];
      found[n] = total;
    }
    return found;
  }
  const MANY = 24;
  const crowds = shown.map((label, which) => {
    const choice = elements.choice(which ? _("Compared with pictures of") : _("Pictures of"), names, label, (to) => { shown[which] = to; fill(); show(); });
    const count = make("p", { class: "small crowd-count" }), box = make("div", { class: "crowd", role: "list" });
    return { choice, count, box, tiles: [] };
  });
  function fill() {
    crowds.forEach((crowd, which) => {
      crowd.box.setAttribute("aria-label", _("Pictures of {name}", { name: names[shown[which]] }));
      crowd.tiles = byClass[shown[which]].slice(0, MANY).map((n) => {
        const canvas = make("canvas"), value = make("span");
        heatMap.paint(canvas, set.vectors[n], heatMap.grey, side);
        return { n, value, tile: make("div", { class: "tile", role: "listitem" }, canvas, value) };
      });
      crowd.box.replaceChildren(...crowd.tiles.map(({ tile }) => tile));
    });
  }
  const bars = names.map((name) => {
    const fillBar = make("i"), share = make("span", { class: "value" });
    return { fillBar, share, row: make("div", { class: "bar-row" }, make("span", { class: "name", dir: "auto" }, name), make("span", { class: "track" }, fillBar), share) };
  });
  const teller = elements.teller(), threshold = make("p", { class: "small quiet" });

  function show() {
    const found = sums(), lights = (n) => found[n] + bias > 0;
    const shares = byClass.map((pictures) => (pictures.length ? pictures.filter(lights).length / pictures.length : 0));
    crowds.forEach(({ tiles, count }, which) => {
      for (const { n, value, tile } of tiles) {
        const a = 1 / (1 + Math.exp(-(found[n] + bias)));
        tile.classList.toggle("lit", lights(n));
        tile.style.setProperty("--light", a.toFixed(3));
        value.textContent = number(found[n], 1);
      }
      count.textContent = _("{share} of {pictures} light it.", { share: percent(shares[shown[which]], 0), pictures: elements.whole(byClass[shown[which]].length) });
    });
    bars.forEach(({ fillBar, share }, label) => {
      fillBar.style.width = `${100 * shares[label]}%`;
      share.textContent = percent(shares[label], 0);
    });
    biasWords.textContent = number(bias, 1);
    const painted = weights.some((weight) => weight !== 0);
    threshold.textContent = painted
      ? _("Under each picture stands its weighted sum. The neuron lights where sum and bias together are above 0, so where the sum is above {threshold}.", { threshold: number(-bias, 1) })
      : _("Nothing is painted yet: every weight is 0, and so is every sum.");
    const [one, other] = shown;
    teller.tell(_("Bias {bias}. {share} of the pictures of {name} and {other_share} of those of {other_name} light it.",
      { bias: number(bias, 1), share: percent(shares[one], 0), name: names[one], other_share: percent(shares[other], 0), other_name: names[other] }));
  }
  const follow = elements.onceAFrame(show);

  stage.append(
    make("div", { class: "pane" },
      make("p", { class: "heading" }, _("Paint with")), brushes, grid.field,
      make("div", { class: "turn" }, turn.box, biasWords), loads),
    make("div", { class: "pane crowds" },
      ...crowds.map(({ choice, box, count }) => make("div", {}, choice.box, box, count)), threshold),
    make("div", { class: "pane wide-pane" },
      make("p", { class: "heading" }, _("Who lights it, of {pictures} test pictures", { pictures: elements.whole(set.labels.length) })),
      make("div", { class: "bars" }, ...bars.map(({ row }) => row)), teller.box));
  fill();
  load(examples[0]);
  knobs.painting = { weights, sums, set }; // for programs and tests
};
