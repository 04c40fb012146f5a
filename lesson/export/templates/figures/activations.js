// The activation functions of `network/activations.py`: what a layer makes of its weighted sums, and how steep that is.
"use strict";
knobs.define("activations", () => {
  // The share of a bell curve below z: Φ(z), by the series of the error function, all of whose terms have one sign.
  function below(z) {
    if (Math.abs(z) > 8) return z > 0 ? 1 : 0;
    let term = z, sum = z;
    for (let odd = 3; Math.abs(term) > 1e-12 * Math.abs(sum); odd += 2) { term *= z * z / odd; sum += term; }
    return 0.5 + sum * bell(z);
  }
  const bell = (z) => Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI), sigmoid = (z) => 1 / (1 + Math.exp(-z));
  const bent = (z) => Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)); // of GELU by tanh
  const clipped = (low, high) => ({
    of: (z) => Math.min(high, Math.max(low, z)), slope: (a) => (a > low && a < high ? 1 : 0), low, high,
  });
  const exponential = (depth, scale) => ({
    of: (z) => scale * (z > 0 ? z : depth * Math.expm1(z)), slope: (a) => (a > 0 ? scale : a + depth * scale), low: -depth * scale,
  });

  // of(z): of a single sum. slope(a, z): how steep it is there, from the activation a, or from the sum z where a does not tell.
  // low, high: between these all activations are.
  const known = {
    sigmoid: { of: sigmoid, slope: (a) => a * (1 - a), low: 0, high: 1 },
    relu: { of: (z) => Math.max(0, z), slope: (a) => (a > 0 ? 1 : 0), low: 0 },
    identity: { of: (z) => z, slope: () => 1 },
    softmax: { together: true, low: 0, high: 1 },
    tanh: { of: Math.tanh, slope: (a) => 1 - a * a, low: -1, high: 1 },
    selu: exponential(1.6732632423543772, 1.0507009873554805),
    gelu: { of: (z) => z * below(z), slope: (a, z) => below(z) + z * bell(z), low: -0.17 },
    gelu_tanh: {
      of: (z) => z * (1 + bent(z)) / 2,
      slope: (a, z) => (1 + bent(z)) / 2 + z / 2 * (1 - bent(z) ** 2) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * z * z),
      low: -0.1701,
    },
    silu: { of: (z) => z * sigmoid(z), slope: (a, z) => sigmoid(z) * (1 + z * (1 - sigmoid(z))), low: -0.2785 },
    softplus: { of: (z) => Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))), slope: (a) => -Math.expm1(-a), low: 0 },
    hard_tanh: clipped(-1, 1),
    relu6: clipped(0, 6),
  };
  // Those with a parameter, which stands in the name, and the one that the name alone stands for.
  const families = {
    leaky_relu: [(leak) => ({ of: (z) => (z > 0 ? z : leak * z), slope: (a) => (a > 0 ? 1 : leak), low: leak ? -Infinity : 0 }), 0.01],
    elu: [(depth) => exponential(depth, 1), 1],
    hard_sigmoid: [(rise) => ({ of: (z) => Math.min(1, Math.max(0, rise * z + 0.5)), slope: (a) => (a > 0 && a < 1 ? rise : 0), low: 0, high: 1 }), 1 / 6],
  };

  // From weighted sums to activations, in place.
  function softmax(column) {
    const most = column.reduce((one, other) => Math.max(one, other));
    let total = 0;
    for (let j = 0; j < column.length; j++) total += column[j] = Math.exp(column[j] - most);
    for (let j = 0; j < column.length; j++) column[j] /= total;
  }
  const each = (of) => (column) => { for (let j = 0; j < column.length; j++) column[j] = of(column[j]); };

  // From ∂cost/∂a to ∂cost/∂z, in place, where the sums were z and the activations a.
  function pullBackTogether(delta, z, a) {
    let shared = 0;
    for (let j = 0; j < delta.length; j++) shared += delta[j] * a[j];
    for (let j = 0; j < delta.length; j++) delta[j] = (delta[j] - shared) * a[j];
  }
  const pullBackEach = (slope) => (delta, z, a) => { for (let j = 0; j < delta.length; j++) delta[j] *= slope(a[j], z[j]); };

  const made = new Map();
  function named(name) {
    if (!made.has(name)) {
      const [, family, parameter] = /^(\w+)(?:\((.+)\))?$/.exec(name);
      const found = families[family] ? families[family][0](Number(parameter ?? families[family][1])) : known[name];
      made.set(name, {
        together: false, low: -Infinity, high: Infinity, ...found,
        apply: found.together ? softmax : each(found.of),
        pullBack: found.together ? pullBackTogether : pullBackEach(found.slope),
      });
    }
    return made.get(name);
  }
  return { named };
});
