// The pictures that come with the page: test pictures for every figure, training pictures where it is trained.
"use strict";
knobs.define("pictures", ({ packing, network, elements, heatMap }) => {
  const opened = {};

  // The pictures of this name, each an array of brightness from 0 to 1, with their labels.
  function open(name) {
    opened[name] ??= (async () => {
      const given = knobs.given[name], data = await packing.unpack(given.packed);
      const all = given.white ? Float32Array.from(data, (value) => value / given.white) : packing.floats(data);
      const pixels = all.length / given.labels.length;
      const vectors = given.labels.map((_, n) => all.subarray(n * pixels, (n + 1) * pixels));
      return { vectors, labels: given.labels, sparse: network.sparse(vectors) };
    })();
    return opened[name];
  }

  // Buttons with a picture of each class; `choose` is given the number of the chosen picture.
  function samples(set, { side, classNames }, choose) {
    const box = elements.make("div", { class: "samples", role: "group", "aria-label": _("Pictures from the test set") });
    classNames.forEach((name, label) => {
      const n = set.labels.indexOf(label);
      if (n < 0) return;
      const canvas = elements.make("canvas");
      heatMap.paint(canvas, set.vectors[n], heatMap.grey, side);
      box.append(elements.make("button",
        { type: "button", title: name, "aria-label": _("A picture of {name} from the test set", { name }), onclick: () => choose(n) }, canvas));
    });
    return box;
  }

  return { open, samples };
});
