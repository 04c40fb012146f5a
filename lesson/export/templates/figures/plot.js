// Curves over an axis, on black as in the clips: numbers that follow one another, and a mark at one of them.
"use strict";
knobs.define("plot", ({ elements }) => {
  const INK = "#c7ced9", QUIET = "#7f8a9c", LINE = "#39414d";

  // A canvas that is drawn anew whenever its size changes. label: for those who cannot see it. draw(pen, width, height): in CSS pixels.
  function surface(height, label, draw, attributes = {}) {
    const canvas = elements.make("canvas", { class: "plot", role: "img", "aria-label": label, ...attributes });
    canvas.style.setProperty("height", `${height}px`);
    function redraw() {
      const width = canvas.clientWidth, ratio = window.devicePixelRatio || 1;
      if (!width) return;
      canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
      const pen = canvas.getContext("2d");
      pen.scale(ratio, ratio);
      pen.font = "12px system-ui, sans-serif";
      draw(pen, width, height);
    }
    new ResizeObserver(redraw).observe(canvas);
    return { canvas, redraw: elements.onceAFrame(redraw) };
  }

  // From values to places, and back. inset: room at the left, top, right and bottom.
  function frame(width, height, { x, y, inset = [44, 10, 12, 26] }) {
    const [left, top, right, bottom] = inset, wide = width - left - right, high = height - top - bottom;
    return {
      left, top, right: width - right, bottom: height - bottom,
      x: (value) => left + (value - x[0]) / (x[1] - x[0]) * wide,
      y: (value) => top + (1 - (value - y[0]) / (y[1] - y[0])) * high,
      valueAt: (place) => x[0] + (place - left) / wide * (x[1] - x[0]),
    };
  }

  // Lines across at some heights, with what they stand for.
  function across(pen, box, ticks, words) {
    pen.fillStyle = QUIET; pen.strokeStyle = LINE; pen.lineWidth = 1;
    pen.textAlign = "right"; pen.textBaseline = "middle";
    for (const tick of ticks) {
      const y = Math.round(box.y(tick)) + 0.5;
      pen.beginPath(); pen.moveTo(box.left, y); pen.lineTo(box.right, y); pen.stroke();
      pen.fillText(words(tick), box.left - 6, y);
    }
  }
  function below(pen, box, ticks, words) {
    pen.fillStyle = QUIET; pen.textBaseline = "top";
    ticks.forEach((tick) => {
      const at = box.x(tick);
      pen.textAlign = at > box.right - 24 ? "right" : at < box.left + 12 ? "left" : "center";
      pen.fillText(words(tick), at, box.bottom + 7);
    });
  }
  function curve(pen, box, points, colour, width = 2) {
    pen.strokeStyle = colour; pen.lineWidth = width; pen.lineJoin = "round";
    pen.beginPath();
    points.forEach(([x, y], n) => (n ? pen.lineTo(box.x(x), box.y(y)) : pen.moveTo(box.x(x), box.y(y))));
    pen.stroke();
  }
  function upright(pen, box, value, colour, width = 1.5) {
    pen.strokeStyle = colour; pen.lineWidth = width;
    pen.beginPath(); pen.moveTo(box.x(value), box.top); pen.lineTo(box.x(value), box.bottom); pen.stroke();
  }
  function dot(pen, box, x, y, colour) {
    pen.fillStyle = colour;
    pen.beginPath(); pen.arc(box.x(x), box.y(y), 4.5, 0, 2 * Math.PI); pen.fill();
  }
  // About `count` round numbers between two values.
  function rounds([from, to], count = 4) {
    const rough = (to - from) / count, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough * 0.999), found = [];
    for (let n = Math.ceil(from / step - 1e-9); n * step <= to + 1e-9 * step; n++) found.push(n * step);
    return found;
  }
  return { INK, QUIET, LINE, surface, frame, across, below, curve, upright, dot, rounds };
});
