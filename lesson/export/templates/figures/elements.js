// Elements, and numbers as they are read.
"use strict";
knobs.define("elements", () => {
  // An element with attributes and children. Styles are set one by one, which a strict content policy allows.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === false || value === undefined) continue;
      if (name === "style") for (const [property, to] of Object.entries(value)) element.style.setProperty(property, to);
      else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  }

  // A number with this many places, a true minus sign and never −0.
  const number = (value, places = 2) =>
    inFigures((Math.abs(value) < 0.5 / 10 ** places ? 0 : value).toFixed(places));
  const whole = wholeNumber;
  // A share that is not 0 or 1 should not look like it, as in scenes/wording.py.
  const percent = (share, places = 1) => {
    const written = [0, 1, 2, 3].map((more) => (100 * share).toFixed(places + more));
    const enough = share === 0 || share === 1 ? null : written.find((one) => ![0, 100].includes(Number(one)));
    return inPercent(enough ?? written[0]);
  };

  let made = 0;
  const freshId = (name) => `knobs-${name}-${(made += 1)}`;

  const button = (words, onclick, attributes = {}) => make("button", { type: "button", onclick, ...attributes }, words);

  // A select with its label. choices: the words; chosen: the number of one of them.
  function choice(label, choices, chosen, onchange) {
    const id = freshId("choice"), select = make("select", { id, onchange: () => onchange(select.selectedIndex) },
      ...choices.map((words) => make("option", {}, words)));
    select.selectedIndex = chosen;
    return { box: make("div", { class: "field" }, make("label", { for: id }, label), select), select };
  }

  // A slider with its label; `say` puts a value into words for those who hear it.
  function slider(label, { min, max, step = "any", value }, say, oninput) {
    const id = freshId("slider"), input = make("input", { id, type: "range", min, max, step });
    input.value = value;
    const tell = () => input.setAttribute("aria-valuetext", say(Number(input.value)));
    input.addEventListener("input", () => { tell(); oninput(Number(input.value)); });
    tell();
    const set = (to) => { input.value = to; tell(); };
    return { box: make("div", { class: "slider" }, make("label", { for: id }, label), input), input, set };
  }

  // Of many calls before the next frame, only the last is carried out.
  function onceAFrame(work) {
    let waiting = false;
    return () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; work(); });
    };
  }

  // A sentence for screen readers, said only when it has not changed for a moment, so that a slider does not chatter.
  function teller() {
    const box = make("p", { class: "unseen", role: "status" });
    let timer;
    return { box, tell(words) { clearTimeout(timer); timer = setTimeout(() => { box.textContent = words; }, 700); } };
  }

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  return { make, number, whole, percent, freshId, button, choice, slider, onceAFrame, teller, calm };
});
