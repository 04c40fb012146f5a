// The weights of the first layer as pictures, one for each neuron, all on one scale.
"use strict";
knobs.define("weightPictures", ({ elements, heatMap }) => {
  const MOST = 32;
  // More neurons than can be looked at are not drawn; `left` says how many.
  function weightPictures({ side, neverSeen }, neurons) {
    const box = elements.make("div", { class: "weight-pictures", role: "img" });
    const canvases = Array.from({ length: Math.min(neurons, MOST) }, () => elements.make("canvas"));
    box.append(...canvases);
    function show(layer, limit = heatMap.largest(layer.weights, neverSeen.repeat(layer.neurons))) {
      const colour = heatMap.signed(limit);
      canvases.forEach((canvas, j) => {
        heatMap.paint(canvas, layer.weights.subarray(j * layer.inputs, (j + 1) * layer.inputs), colour, side, neverSeen);
      });
      box.setAttribute("aria-label", _n("The weights of {n} neuron of the first layer as a picture; the largest has the size {size}",
        "The weights of {n} neurons of the first layer as pictures; the largest has the size {size}", canvases.length, { size: elements.number(limit) }));
      return limit;
    }
    return { box, show, left: neurons - canvases.length };
  }
  return weightPictures;
});
