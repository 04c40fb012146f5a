// Prepares a drawing as the pictures were that the network learned from; `network/preparation.py` does the same.
"use strict";
knobs.define("preparation", () => ({
  // rules: side, and the shares inkShare, centreShare and inkFrom. Both functions give null where there is no ink.
  preparation(rules) {
    const { side, inkShare, centreShare, inkFrom } = rules;

    // How much each of n pixels counts in each of `side` new ones: the mean over [first + i·step, first + (i + 1)·step).
    function averages(n, step, first) {
      const width = Math.max(step, 1), rows = [];
      for (let i = 0; i < side; i++) {
        const start = first + (i + 0.5) * step - width / 2, row = [];
        const from = Math.max(0, Math.floor(start)), to = Math.min(n, Math.ceil(start + width));
        for (let k = from; k < to; k++) {
          const overlap = Math.min(start + width, k + 1) - Math.max(start, k);
          if (overlap > 0) row.push([k, overlap / width]);
        }
        rows.push(row);
      }
      return rows;
    }

    function resample(ink, width, down, across) {
      const picture = new Float64Array(side * side);
      for (let i = 0; i < side; i++) {
        const line = new Float64Array(width);
        for (const [y, share] of down[i]) for (let x = 0; x < width; x++) line[x] += share * ink[y * width + x];
        for (let j = 0; j < side; j++) {
          let total = 0;
          for (const [x, share] of across[j]) total += share * line[x];
          picture[i * side + j] = Math.min(1, Math.max(0, total));
        }
      }
      return picture;
    }

    // The box around the ink, and its mass with its centre; null without ink.
    function extent(ink, height, width) {
      let top = height, bottom = -1, left = width, right = -1, mass = 0, atY = 0, atX = 0;
      const marked = new Float64Array(ink.length);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const value = ink[y * width + x];
          if (value < inkFrom) continue;
          marked[y * width + x] = value;
          top = Math.min(top, y); bottom = Math.max(bottom, y);
          left = Math.min(left, x); right = Math.max(right, x);
          mass += value; atY += value * (y + 0.5); atX += value * (x + 0.5);
        }
      }
      if (bottom < 0) return null;
      return { marked, longer: Math.max(bottom - top, right - left) + 1, y: atY / mass, x: atX / mass };
    }

    // Scaled until the longer side of the ink has its share of the picture, with its centre of mass in the middle.
    function prepare(ink, height, width) {
      const found = extent(ink, height, width);
      if (!found) return null;
      const step = found.longer / (side * inkShare), middle = side * centreShare + 0.5;
      const down = averages(height, step, found.y - middle * step);
      const across = averages(width, step, found.x - middle * step);
      return resample(found.marked, width, down, across);
    }

    // Not moved: each pixel is the mean of its part.
    function shrink(ink, height, width) {
      if (!ink.some((value) => value >= inkFrom)) return null;
      return resample(ink, width, averages(height, height / side, 0), averages(width, width / side, 0));
    }

    return { prepare, shrink, extent };
  },
}));
