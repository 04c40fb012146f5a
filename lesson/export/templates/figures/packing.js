// Numbers as the page carries them: little-endian, in base64, some of them compressed.
"use strict";
knobs.define("packing", () => {
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

  const floats = (data) => {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return Float32Array.from({ length: data.byteLength / 4 }, (_, n) => view.getFloat32(4 * n, true));
  };

  // Numbers of 16 bits: a sign, 5 bits of exponent, 10 bits of fraction (IEEE 754).
  function halves(data) {
    const table = new Float32Array(65536);
    for (let code = 0; code < 65536; code++) {
      const sign = code & 0x8000 ? -1 : 1, exponent = (code >> 10) & 31, fraction = code & 1023;
      table[code] = sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
    }
    const result = new Float32Array(data.length / 2);
    for (let n = 0; n < result.length; n++) result[n] = table[data[2 * n] | (data[2 * n + 1] << 8)];
    return result;
  }

  // Bytes that Python's zlib has compressed.
  async function unpack(text) {
    const stream = new Blob([bytes(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  return { bytes, floats, halves, unpack };
});
