// One neuron, opened: its weights, what it looks at, and what each connection carries, pixel by pixel or as a table.
"use strict";
knobs.define("neuronView", ({ elements, heatMap, cells, activations, given }) => {
  const { make, number } = elements;

  // Three pictures of a neuron of the first layer; all point at the same cell.
  function pixelView({ side, neverSeen }, weights, a) {
    const products = a && Float64Array.from(weights, (weight, i) => weight * a[i]);
    const hint = "Blue is positive, red is negative; point at a pixel, or go there with the arrow keys, for its numbers.";
    const readout = make("p", { class: "readout", role: "status" }, hint), fields = [];
    const words = (i) => `Row ${Math.floor(i / side)}, column ${i % side}: weight ${number(weights[i], 3)}` +
      (a ? ` × pixel ${number(a[i])} = ${number(products[i], 3)}` : "");
    const over = (cell) => { readout.textContent = cell === null ? hint : words(cell); for (const one of fields) one.choose(cell); };
    const box = make("div", { class: "pictures" });
    const add = (title, values, colour, unseen) => {
      const field = cells.cells({ label: title, columns: side, count: values.length, describe: words, use: over, over });
      field.paint(values, colour, unseen);
      fields.push(field);
      box.append(make("figure", {}, field.field, make("figcaption", {}, title)));
    };
    const limit = heatMap.largest(weights, neverSeen), grey = neverSeen.includes("1") ? "; grey: black in every training picture" : "";
    add(`Its ${weights.length} weights, up to ±${number(limit)}${grey}`, weights, heatMap.signed(limit), neverSeen);
    if (a) {
      add("The pixels it looks at, a", a, heatMap.grey);
      const most = heatMap.largest(products);
      add(`Weight times pixel, w·a, up to ±${number(most)}`, products, heatMap.signed(most));
    }
    return [box, readout];
  }

  // What flows in from other neurons, the strongest first. over(i or null): a row is pointed at or in focus.
  function termView(called, weights, a, over = null) {
    const products = a && Array.from(weights, (weight, i) => weight * a[i]), order = Array.from(weights.keys());
    if (products) order.sort((one, other) => Math.abs(products[other]) - Math.abs(products[one]));
    const shown = order.slice(0, 16), most = products && Math.max(...products.map(Math.abs), 1e-9);
    const head = make("tr", {}, ...["neuron before", "weight w", ...(a ? ["its activation a", "w·a", ""] : [])].map((title) =>
      make(title ? "th" : "td", title ? { scope: "col" } : {}, title)));
    const rows = shown.map((i) => {
      const row = make("tr", over ? { tabindex: "0", onfocus: () => over(i), onblur: () => over(null), onpointerenter: () => over(i), onpointerleave: () => over(null) } : {},
        make("td", {}, String(i)), make("td", { class: "r" }, number(weights[i])));
      if (a) {
        const negative = products[i] < 0, bar = make("i", { style: {
          [negative ? "right" : "left"]: "50%", width: `${50 * Math.abs(products[i]) / most}%`,
          background: heatMap.css(negative ? heatMap.NEGATIVE : heatMap.POSITIVE),
        } });
        row.append(make("td", { class: "r" }, number(a[i])), make("td", { class: "r" }, number(products[i])),
          make("td", {}, make("span", { class: "bar-of", "aria-hidden": "true" }, bar)));
      }
      return row;
    });
    const table = make("table", { class: "terms" }, make("thead", {}, head), make("tbody", {}, ...rows));
    const parts = [make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `What flows into ${called}` }, table)];
    if (order.length > shown.length && products) {
      const rest = order.slice(shown.length).reduce((total, i) => total + products[i], 0);
      parts.push(make("p", { class: "quiet" }, `The other ${order.length - shown.length} add up to ${number(rest)}.`));
    }
    return parts;
  }

  // The sum, the bias, z and the activation, in a sentence.
  function result(layer, j, run, l) {
    const weights = layer.weights.subarray(j * layer.inputs, (j + 1) * layer.inputs), a = run.columns[l];
    const sum = weights.reduce((total, weight, i) => total + weight * a[i], 0);
    const { sign } = given.network.layers[l], name = sign ? `${sign}(z)` : "z";
    const what = activations.named(layer.activation).together ? `its part of ${name}` : name;
    return make("p", { class: "result" }, `All w·a together: ${number(sum)}. Bias: `, make("span", { class: "b" }, number(layer.biases[j])),
      `. So z = ${number(run.sums[l][j])}, and the activation is ${what} = `, make("span", { class: "a" }, number(run.columns[l + 1][j])), ".");
  }
  return { pixelView, termView, result };
});
