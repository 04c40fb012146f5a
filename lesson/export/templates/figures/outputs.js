// The outputs of the network as bars from 0 to 1, or to the largest of them if they go beyond; the brightest is marked.
"use strict";
knobs.define("outputs", ({ elements, network }) => (names) => {
  const { make } = elements;
  const rows = names.map((name) => {
    const bar = make("i"), value = make("span", { class: "value" });
    return { bar, value, row: make("div", { class: "bar-row" }, make("span", { class: "name", dir: "auto" }, name), make("span", { class: "track" }, bar), value) };
  });
  return {
    box: make("div", { class: "bars outputs-as-bars", role: "group", "aria-label": "Outputs" }, ...rows.map(({ row }) => row)),
    show(values) {
      const answer = values && network.brightest(values), top = values && Math.max(1, ...values);
      rows.forEach(({ bar, value, row }, j) => {
        const share = values ? Math.max(0, values[j]) / top : 0;
        bar.style.width = `${100 * share}%`;
        value.textContent = values ? elements.number(values[j]) : "";
        row.classList.toggle("brightest", Boolean(values) && j === answer);
      });
    },
  };
});
