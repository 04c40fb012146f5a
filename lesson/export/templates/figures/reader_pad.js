// A small field for the reader's own drawing, with pictures from the test set beside it.
"use strict";
knobs.define("readerPad", ({ elements, pad, preparation, pictures, drawing, heatMap }) => {
  // look(image, label): called with every new picture, side² numbers; label: its class if it is a test picture, or null.
  function readerPad(network, set, first, look) {
    const { make, button } = elements, size = 10 * network.side;
    const paper = make("canvas", { class: "paper", width: size, height: size, tabindex: "0", role: "application",
      "aria-roledescription": _("drawing field"),
      "aria-label": together(_("Your drawing."), _("Arrow keys move, space inks a cell, shift and an arrow key ink as you go, backspace undoes.")) });
    const cursor = make("canvas", { class: "cursor", width: size, height: size, "aria-hidden": "true" });
    const seen = make("canvas", { class: "seen-by-it", role: "img", "aria-label": _("The drawing as the network sees it") });
    const { prepare } = preparation.preparation(network);
    let label = null, quiet = true;

    function show(image) {
      heatMap.paint(seen, image || new Float64Array(network.side ** 2), heatMap.grey, network.side);
      look(image, label);
    }
    const field = pad(paper, cursor, network, (ink) => {
      if (quiet) return;
      label = null;
      const image = prepare(ink, size, size);
      drawing.set(image, field);
      show(image);
    });
    const put = (image, itsLabel) => {
      quiet = true; field.clear(); field.add(image); quiet = false;
      label = itsLabel;
      show(image);
    };
    const samples = pictures.samples(set, network, (n) => { put(set.vectors[n], set.labels[n]); drawing.set(set.vectors[n], field); });
    drawing.follow(field, (image) => { if (image) put(image, null); });
    const box = make("div", { class: "reader-pad" },
      make("p", { class: "heading" }, _("Draw here")),
      make("div", { class: "sheet" }, paper, cursor, seen),
      make("div", { class: "tools" }, button(_("Undo"), field.undo), button(_("Clear"), field.clear)),
      samples);
    if (drawing.image) put(drawing.image, null); else put(set.vectors[first], set.labels[first]);
    return { box };
  }
  return readerPad;
});
