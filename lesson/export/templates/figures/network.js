// The network: layers of weights and biases, what one run computes, and how well many pictures are read.
"use strict";
knobs.define("network", ({ packing, activations }) => {
  // The layers that export has written. The weights stand row by row: those of neuron j start at j · inputs.
  const layersOf = (given) => given.map(({ weights, biases, activation }) => layer(
    packing.floats(packing.bytes(weights)), packing.floats(packing.bytes(biases)), activation));
  function layer(weights, biases, activation) {
    return { weights, biases, activation, inputs: weights.length / biases.length, neurons: biases.length };
  }

  const sizesOf = (layers) => [layers[0].inputs, ...layers.map(({ neurons }) => neurons)];
  const countOf = (layers) => layers.reduce((sum, { weights, biases }) => sum + weights.length + biases.length, 0);

  // Layers whose knobs are parts of one array: W¹ row by row, b¹, W², b², … as `Network.parameters` has them.
  function layersIn(parameters, like) {
    let start = 0;
    const take = (count) => parameters.subarray(start, (start += count));
    return like.map(({ weights, biases, activation }) => layer(take(weights.length), take(biases.length), activation));
  }
  function parametersOf(layers) {
    const parameters = new Float32Array(countOf(layers));
    layersIn(parameters, layers).forEach(({ weights, biases }, l) => {
      weights.set(layers[l].weights);
      biases.set(layers[l].biases);
    });
    return parameters;
  }

  // z = W a + b and a = σ(z), layer by layer. Gives the activations of every column, the input first, and all sums.
  function forward(layers, image) {
    const columns = [Array.from(image)], sums = [];
    for (const { weights, biases, activation } of layers) {
      const a = columns[columns.length - 1];
      const z = Array.from(biases, (bias, j) => {
        let total = bias;
        for (let i = 0; i < a.length; i++) total += weights[j * a.length + i] * a[i];
        return total;
      });
      sums.push(z);
      columns.push(z.slice());
      activations.named(activation).apply(columns[columns.length - 1]);
    }
    return { columns, sums };
  }
  const brightest = (values) => values.reduce((best, value, n) => (value > values[best] ? n : best), 0);

  // Many pictures as the pixels that are not black, one picture after the other: most pixels are black, and need no work.
  function sparse(pictures) {
    const starts = [0], places = [], values = [];
    for (const picture of pictures) {
      picture.forEach((value, i) => { if (value) { places.push(i); values.push(value); } });
      starts.push(places.length);
    }
    return { starts: Int32Array.from(starts), places: Int32Array.from(places), values: Float32Array.from(values) };
  }

  // The sums of the first layer for picture n of many, into z. Four neurons at a time: the processor adds them side by side.
  function firstSums({ weights, biases, inputs, neurons }, { starts, places, values }, n, z) {
    const from = starts[n], to = starts[n + 1];
    let j = 0;
    for (; j + 3 < neurons; j += 4) {
      const row0 = j * inputs, row1 = row0 + inputs, row2 = row1 + inputs, row3 = row2 + inputs;
      let z0 = biases[j], z1 = biases[j + 1], z2 = biases[j + 2], z3 = biases[j + 3];
      for (let k = from; k < to; k++) {
        const place = places[k], value = values[k];
        z0 += value * weights[row0 + place]; z1 += value * weights[row1 + place];
        z2 += value * weights[row2 + place]; z3 += value * weights[row3 + place];
      }
      z[j] = z0; z[j + 1] = z1; z[j + 2] = z2; z[j + 3] = z3;
    }
    for (; j < neurons; j++) {
      let total = biases[j];
      for (let k = from; k < to; k++) total += values[k] * weights[j * inputs + places[k]];
      z[j] = total;
    }
  }
  function sums({ weights, biases, inputs }, a, z) {
    for (let j = 0; j < z.length; j++) {
      const row = j * inputs;
      let total = biases[j];
      for (let i = 0; i < inputs; i++) total += weights[row + i] * a[i];
      z[j] = total;
    }
  }
  // The activations of every layer for picture n of many, written into `columns`, one array for each layer; and the weighted
  // sums into `kept`, if that is given.
  function run(layers, pictures, n, columns, kept = null) {
    for (let l = 0; l < layers.length; l++) {
      if (l === 0) firstSums(layers[0], pictures, n, columns[0]); else sums(layers[l], columns[l - 1], columns[l]);
      if (kept) kept[l].set(columns[l]);
      activations.named(layers[l].activation).apply(columns[l]);
    }
  }
  const columnsFor = (layers) => layers.map(({ neurons }) => new Float64Array(neurons));

  // How many pictures of a set are read right, and the mean cost: Σ (a − y)² over the outputs, as the lesson tells it.
  function judge(layers, { sparse: pictures, labels }) {
    let right = 0, cost = 0;
    const columns = columnsFor(layers), outputs = columns[columns.length - 1];
    for (let n = 0; n < labels.length; n++) {
      run(layers, pictures, n, columns);
      let best = 0;
      for (let j = 0; j < outputs.length; j++) {
        cost += (outputs[j] - (j === labels[n] ? 1 : 0)) ** 2;
        if (outputs[j] > outputs[best]) best = j;
      }
      if (best === labels[n]) right += 1;
    }
    return { right, of: labels.length, cost: cost / labels.length };
  }

  return { layer, layersOf, layersIn, parametersOf, sizesOf, countOf, forward, brightest, sparse, run, columnsFor, judge };
});
