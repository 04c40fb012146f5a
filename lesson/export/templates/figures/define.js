// Small modules by name, so that each file has one subject and a worker can be given just those it needs.
"use strict";
(() => {
  const knobs = (globalThis.knobs ??= {});
  if (knobs.define) return;
  const makers = {};

  // A module is made once, from all that were defined before it.
  knobs.define = (name, maker) => {
    if (knobs[name]) return;
    makers[name] = maker;
    knobs[name] = maker(knobs);
  };

  // A program that defines these modules again and then calls the last one: for a worker, which shares nothing with a page.
  knobs.programOf = (...names) => `"use strict";
    globalThis.knobs = {};
    ${names.map((name) => `knobs.${name} = (${makers[name]})(knobs);`).join("\n")}
    knobs.${names[names.length - 1]}(globalThis);`;

  // What export has written for the figures: the network, pictures, the recorded training.
  knobs.given = {};
  knobs.give = (name, value) => { knobs.given[name] = value; };

  // What begins each figure: a function that is given the element to fill.
  knobs.figures = {};
})();
