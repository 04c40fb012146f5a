// How the network learns, by the rule of `network/training.py`: mini-batches, backpropagation, and Adam.
"use strict";
knobs.define("learning", ({ network, activations }) => {
  // Layers of these sizes, ready to be trained: weights normal with variance 2/(n_in + n_out) (Glorot and Bengio 2010),
  // or 2/n_in for ReLU (He et al. 2015); biases 0. Gives one array of all knobs, and the layers that are parts of it.
  function randomNetwork(sizes, activations, random) {
    const like = activations.map((activation, l) =>
      network.layer(new Float32Array(sizes[l] * sizes[l + 1]), new Float32Array(sizes[l + 1]), activation));
    const parameters = network.parametersOf(like), layers = network.layersIn(parameters, like);
    layers.forEach(({ weights, activation, inputs, neurons }) => {
      const spread = Math.sqrt(activation === "relu" ? 2 / inputs : 2 / (inputs + neurons));
      for (let n = 0; n < weights.length; n++) weights[n] = random.normal(spread);
    });
    return { parameters, layers };
  }

  // Fills `gradient`, an array in the order of the knobs, with that of the mean cost of the pictures `chosen`. The cost is
  // the cross-entropy, of each output for itself if they are sigmoids, of all together for softmax; otherwise the squared error.
  function gradientOf(layers, pictures, labels, chosen, gradient) {
    const { starts, places, values } = pictures, slots = network.layersIn(gradient, layers);
    const [columns, sums, deltas] = [0, 1, 2].map(() => network.columnsFor(layers)), last = layers.length - 1;
    const functions = layers.map(({ activation }) => activations.named(activation));
    const entropy = ["sigmoid", "softmax"].includes(layers[last].activation);
    gradient.fill(0);
    for (const n of chosen) {
      network.run(layers, pictures, n, columns, sums);
      for (let j = 0; j < columns[last].length; j++) {
        deltas[last][j] = (entropy ? 1 : 2) * (columns[last][j] - (j === labels[n] ? 1 : 0)) / chosen.length;
      }
      if (!entropy) functions[last].pullBack(deltas[last], sums[last], columns[last]);
      for (let l = last; l >= 0; l--) {
        const delta = deltas[l], { weights, biases } = slots[l], { inputs } = layers[l];
        for (let j = 0; j < delta.length; j++) {
          const row = j * inputs;
          biases[j] += delta[j];
          if (l === 0) {
            const from = starts[n], to = starts[n + 1], turn = delta[j];
            for (let k = from; k < to; k++) weights[row + places[k]] += turn * values[k];
          } else {
            const a = columns[l - 1], turn = delta[j];
            for (let i = 0; i < inputs; i++) weights[row + i] += turn * a[i];
          }
        }
        if (l === 0) continue;
        const before = deltas[l - 1];
        for (let i = 0; i < inputs; i++) {
          let total = 0;
          for (let j = 0; j < delta.length; j++) total += layers[l].weights[j * inputs + i] * delta[j];
          before[i] = total;
        }
        functions[l - 1].pullBack(before, sums[l - 1], columns[l - 1]);
      }
    }
  }

  // A step of its own length for each knob, from running means of its slopes and of their squares (Kingma and Ba 2015).
  function adam(count) {
    const mean = new Float32Array(count), square = new Float32Array(count);
    let steps = 0;
    return (parameters, gradient, rate) => {
      steps += 1;
      const correction = Math.sqrt(1 - 0.999 ** steps), length = rate * correction / (1 - 0.9 ** steps);
      for (let n = 0; n < count; n++) {
        const slope = gradient[n];
        mean[n] = 0.9 * mean[n] + 0.1 * slope;
        square[n] = 0.999 * square[n] + 0.001 * slope * slope;
        parameters[n] -= length * mean[n] / (Math.sqrt(square[n]) + 1e-8 * correction);
      }
    };
  }

  // A run: each call of `step` learns from one mini-batch. The rate falls to 0 along a cosine over all epochs.
  function run({ sizes, activations, epochs, batch }, { sparse, labels }, random) {
    const { parameters, layers } = randomNetwork(sizes, activations, random);
    const gradient = new Float32Array(parameters.length), turn = adam(parameters.length);
    const stepsAnEpoch = Math.ceil(labels.length / batch), total = epochs * stepsAnEpoch;
    let order = null, done = 0;
    return {
      layers, parameters, total, stepsAnEpoch,
      get done() { return done; },
      step(rate) {
        const place = done % stepsAnEpoch;
        if (place === 0) order = random.order(labels.length);
        gradientOf(layers, sparse, labels, order.subarray(place * batch, (place + 1) * batch), gradient);
        turn(parameters, gradient, rate * (0.5 + 0.5 * Math.cos(Math.PI * done / total)));
        done += 1;
      },
    };
  }
  return { randomNetwork, gradientOf, adam, run };
});
