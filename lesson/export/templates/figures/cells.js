// A picture of cells that can be pointed at, chosen or painted, with a pointer or with the arrow keys.
"use strict";
knobs.define("cells", ({ elements, heatMap }) => {
  // columns, count: of the cells. describe: what a cell is called and holds. use(cell, dragging): a cell was clicked,
  // reached by a drag where `drags`, or chosen with the space bar. over(cell or null): it is pointed at.
  function cells({ label, columns, count, describe, use, over = () => {}, drags = false }) {
    const rows = Math.ceil(count / columns);
    const canvas = elements.make("canvas", { class: "values" });
    const marks = elements.make("canvas", { class: "marks", width: 16 * columns, height: 16 * rows, "aria-hidden": "true" });
    const field = elements.make("div", {
      class: "cells", tabindex: "0", role: "application", "aria-roledescription": "grid of cells", "aria-label": label,
      style: { "aspect-ratio": `${columns} / ${rows}` },
    }, canvas, marks);
    let at = Math.floor(rows / 2) * columns + Math.floor(columns / 2), chosen = null, held = null, last = null;
    at = Math.min(at, count - 1);

    const cellAt = (event) => {
      const box = field.getBoundingClientRect();
      const column = Math.floor((event.clientX - box.x) / box.width * columns);
      const row = Math.floor((event.clientY - box.y) / box.height * rows), cell = row * columns + column;
      return column < 0 || row < 0 || column >= columns || cell >= count ? null : cell;
    };
    // The cells on the straight way from one to another, without the first.
    const between = (one, other) => {
      const [x0, x1] = [one % columns, other % columns], [y0, y1] = [one, other].map((cell) => Math.floor(cell / columns));
      const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
      return Array.from({ length: steps }, (_, n) => {
        const share = (n + 1) / steps;
        return Math.round(y0 + share * (y1 - y0)) * columns + Math.round(x0 + share * (x1 - x0));
      });
    };
    const tell = () => field.setAttribute("aria-label", `${label}. ${describe(at)}`);

    function mark() {
      const pen = marks.getContext("2d");
      pen.clearRect(0, 0, marks.width, marks.height);
      const ring = (cell, colour, width) => {
        pen.strokeStyle = colour; pen.lineWidth = width;
        pen.strokeRect((cell % columns) * 16 + width / 2, Math.floor(cell / columns) * 16 + width / 2, 16 - width, 16 - width);
      };
      const fine = columns > 12; // small cells need a thick ring to be seen
      if (chosen !== null) ring(chosen, "#ffd34d", fine ? 4 : 1.5);
      if (field.matches(":focus-visible") && at !== chosen) ring(at, "#fff", fine ? 3 : 1);
    }

    field.addEventListener("pointerdown", (event) => {
      const cell = cellAt(event);
      if (event.button || cell === null) return;
      if (drags) { event.preventDefault(); field.setPointerCapture(event.pointerId); held = event.pointerId; }
      at = last = cell;
      field.focus({ preventScroll: true });
      use(cell, false);
      mark();
    });
    field.addEventListener("pointermove", (event) => {
      if (held === event.pointerId) {
        const passed = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
        for (const one of passed.length ? passed : [event]) {
          const cell = cellAt(one);
          if (cell === null) { last = null; continue; }
          // A quick hand is heard of every few cells; those in between were crossed, too.
          for (const crossed of last === null ? [cell] : between(last, cell)) use(crossed, true);
          at = last = cell;
        }
      } else if (held === null) over(cellAt(event));
    });
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) {
      field.addEventListener(kind, (event) => { if (event.pointerId === held) held = null; });
    }
    field.addEventListener("pointerleave", () => over(null));
    field.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -columns, ArrowDown: columns, ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) {
        const to = at + step, sideways = Math.abs(step) === 1 && Math.floor(to / columns) !== Math.floor(at / columns);
        if (to >= 0 && to < count && !sideways) at = to;
        if (event.shiftKey) use(at, true);
        over(at);
      } else if (event.key === " " || event.key === "Enter") use(at, false);
      else return;
      event.preventDefault();
      tell();
      mark();
    });
    field.addEventListener("focus", () => { tell(); mark(); });
    field.addEventListener("blur", mark);
    if (drags) field.classList.add("drags");

    return {
      field,
      paint: (values, colour, unseen) => heatMap.paint(canvas, values, colour, columns, unseen),
      choose(cell) { chosen = cell; if (cell !== null) at = cell; mark(); },
    };
  }
  return { cells };
});
