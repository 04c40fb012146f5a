// Numbers as colours: brightness in grey; weights and what they carry in blue for positive, red for negative.
"use strict";
knobs.define("heatMap", () => {
  const POSITIVE = [79, 176, 255], NEGATIVE = [255, 91, 74], NEVER_SEEN = [58, 61, 68];

  const grey = (value) => { const level = Math.round(255 * Math.min(1, Math.max(0, value))); return [level, level, level]; };
  // Full colour at ±limit, black at 0.
  const signed = (limit) => (value) => {
    const share = limit ? Math.min(1, Math.abs(value) / limit) : 0;
    return (value < 0 ? NEGATIVE : POSITIVE).map((part) => Math.round(part * share));
  };
  const css = (colour, opacity = 1) => `rgb(${colour.join(" ")} / ${opacity})`;

  // A cell of the canvas for each value, row by row. unseen: a text with a 1 for each cell that means nothing.
  function paint(canvas, values, colour, columns, unseen = "") {
    const rows = Math.ceil(values.length / columns);
    if (canvas.width !== columns) canvas.width = columns;
    if (canvas.height !== rows) canvas.height = rows;
    const context = canvas.getContext("2d"), image = context.createImageData(columns, rows);
    for (let n = 0; n < values.length; n++) {
      const [red, green, blue] = unseen[n] === "1" ? NEVER_SEEN : colour(values[n]);
      image.data[4 * n] = red; image.data[4 * n + 1] = green; image.data[4 * n + 2] = blue; image.data[4 * n + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  // The largest size among values, without the cells that mean nothing.
  const largest = (values, unseen = "") =>
    values.reduce((most, value, n) => (unseen[n] === "1" ? most : Math.max(most, Math.abs(value))), 0);

  return { POSITIVE, NEGATIVE, NEVER_SEEN, grey, signed, css, paint, largest };
});
