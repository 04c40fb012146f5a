// Random numbers that come out the same again from the same seed (Park and Miller 1988).
"use strict";
knobs.define("chance", () => (seed) => {
  let state = Math.floor(seed) % 2147483647;
  if (state <= 0) state += 2147483646;
  const uniform = () => ((state = (state * 48271) % 2147483647) - 1) / 2147483646;
  for (let n = 0; n < 3; n++) uniform(); // small seeds begin alike
  return {
    uniform,
    below: (n) => Math.min(n - 1, Math.floor(uniform() * n)),
    // Normal around 0 with this spread (Box and Muller 1958).
    normal: (spread) => spread * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    // The numbers from 0 to n − 1 in a new order.
    order(n) {
      const numbers = Int32Array.from({ length: n }, (_, k) => k);
      for (let k = n - 1; k > 0; k--) {
        const other = Math.min(k, Math.floor(uniform() * (k + 1)));
        [numbers[k], numbers[other]] = [numbers[other], numbers[k]];
      }
      return numbers;
    },
  };
});
