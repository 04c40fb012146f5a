// A field to draw in: with a mouse, a finger or a pen, or cell by cell with the keyboard.
"use strict";
knobs.define("pad", () => {
  // paper, cursor: canvases of one size, the second above the first. pen: its width in cells. changed: called with the
  // ink, size×size numbers from 0 to 1, after every change.
  function pad(paper, cursor, { side, pen }, changed) {
    const size = paper.width, cell = size / side;
    const context = paper.getContext("2d", { willReadFrequently: true });
    // What was drawn, in the order in which it can be undone: strokes, single cells, whole pictures.
    let marks = [], current = null, at = [Math.floor(side / 2), Math.floor(side / 2)];

    function stroke(points) {
      context.beginPath();
      if (points.length === 1) { // a tap is a dot
        context.arc(...points[0], pen * cell / 2, 0, 2 * Math.PI);
        context.fill();
        return;
      }
      points.forEach(([x, y], n) => (n ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.stroke();
    }

    function redraw() {
      context.fillStyle = "#000";
      context.fillRect(0, 0, size, size);
      context.lineCap = context.lineJoin = "round";
      context.strokeStyle = "#fff";
      context.lineWidth = pen * cell;
      for (const mark of marks) {
        context.fillStyle = mark.erase ? "#000" : "#fff";
        if (mark.points) { if (mark.points.length) stroke(mark.points); }
        else if (mark.vector) {
          mark.vector.forEach((value, n) => {
            const level = Math.round(255 * value);
            context.fillStyle = `rgb(${level} ${level} ${level})`;
            context.fillRect((n % side) * cell, Math.floor(n / side) * cell, cell, cell);
          });
        } else context.fillRect(mark.column * cell, mark.row * cell, cell, cell);
      }
      const drawn = context.getImageData(0, 0, size, size).data, ink = new Float64Array(size * size);
      for (let n = 0; n < ink.length; n++) ink[n] = drawn[4 * n] / 255;
      changed(ink, size);
    }

    const place = (event) => {
      const box = paper.getBoundingClientRect();
      return [(event.clientX - box.x) / box.width * size, (event.clientY - box.y) / box.height * size];
    };
    paper.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      if (current) return; // a second finger, or the ball of a hand: the stroke that has begun goes on
      paper.focus({ preventScroll: true });
      paper.setPointerCapture(event.pointerId);
      current = { points: [place(event)], pointer: event.pointerId };
      marks.push(current);
      redraw();
    });
    paper.addEventListener("pointermove", (event) => {
      if (!current || current.pointer !== event.pointerId) return;
      const passed = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      for (const one of passed.length ? passed : [event]) current.points.push(place(one));
      redraw();
    });
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) {
      paper.addEventListener(kind, (event) => { if (current && current.pointer === event.pointerId) current = null; });
    }

    function showCursor() {
      const brush = cursor.getContext("2d");
      brush.clearRect(0, 0, size, size);
      brush.strokeStyle = "#ffd34d";
      brush.lineWidth = 2;
      brush.strokeRect(at[1] * cell + 1, at[0] * cell + 1, cell - 2, cell - 2);
    }
    const isInk = () => context.getImageData((at[1] + 0.5) * cell, (at[0] + 0.5) * cell, 1, 1).data[0] > 127;
    function inkCell(erase) { marks.push({ row: at[0], column: at[1], erase }); redraw(); }
    paper.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (step) {
        at = at.map((value, n) => Math.min(side - 1, Math.max(0, value + step[n])));
        if (event.shiftKey && !isInk()) inkCell(false);
      } else if (event.key === " " || event.key === "Enter") inkCell(isInk());
      else if (event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey))) undo();
      else if (event.key === "Delete") clear();
      else return;
      event.preventDefault();
      showCursor();
      paper.setAttribute("aria-valuetext", isInk() ? _("Row {row}, column {column}, ink", { row: at[0], column: at[1] })
        : _("Row {row}, column {column}, empty", { row: at[0], column: at[1] }));
    });

    function undo() {
      const last = marks[marks.length - 1];
      marks = last && last.cleared ? last.cleared : marks.slice(0, -1);
      redraw();
    }
    // Clearing can be undone, too.
    function clear() { if (marks.length) marks = [{ points: [], cleared: marks }]; redraw(); }
    function add(vector) { marks = [...marks, { vector }]; redraw(); }
    showCursor();
    return { redraw, undo, clear, add };
  }
  return pad;
});
