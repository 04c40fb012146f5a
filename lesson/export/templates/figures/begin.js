// Begins a figure in its place: opens what it needs, and says so if the browser cannot.
"use strict";
knobs.define("begin", ({ network, pictures }) => async (section) => {
  const stage = section.querySelector("[data-stage]"), state = section.querySelector("[data-state]");
  try {
    const given = knobs.given.network;
    const parts = { network: given, layers: network.layersOf(given.layers), set: await pictures.open("test_pictures") };
    await knobs.figures[section.dataset.figure](stage, parts);
    state.remove();
    section.classList.add("ready");
  } catch (problem) {
    state.textContent = typeof DecompressionStream === "undefined"
      ? _("This browser is too old for the figure: it cannot unpack the pictures. The clip above shows what it is about.")
      : _("The figure could not be started: {problem}.", { problem: problem.message });
    throw problem;
  }
});
