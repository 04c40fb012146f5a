// Words and numbers in the language of the page. Messages stand in the scripts in English; a page in another language
// has a table of what stands for them, which `lesson.export.script_words` has written.
"use strict";
const { _, _n, _c, _e, together, inFigures, inPercent, wholeNumber } = (() => {
  const written = document.getElementById("language-of-scripts");
  const { messages = {}, signs = {}, minus = "−{number}", ungrouped = 3, percent = "{number} %", between = " " } = written ? JSON.parse(written.textContent) : {};
  const place = /\{(\w+)(?::(\^?)([^{}]*))?\}/g;
  const filled = (text, places) => text.replace(place, (whole, name, capital, form) => {
    if (!(name in places)) return whole;
    // Words that have several forms; a sentence asks for one of them, {function:dative}, or for a capital, {function:^}.
    const { usual, forms } = places[name] ?? {}, words = String(forms ? forms[form] ?? usual : places[name]);
    return capital ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  });
  const kind = written && new Intl.PluralRules(document.documentElement.lang);

  // A number as English writes it, with the signs of the language, and a true minus sign.
  function inFigures(text) {
    const number = text.replace(/^-/, "").replace(/[0-9.,]/g, (sign) => signs[sign] ?? sign);
    return text.startsWith("-") ? filled(minus, { number }) : number;
  }
  // A whole number, with signs between its thousands.
  const wholeNumber = (value) => {
    const rounded = Math.round(value) + 0, groups = Math.abs(rounded) >= 10 ** ungrouped;
    return inFigures(groups ? rounded.toLocaleString("en-US") : String(rounded));
  };
  // Figures as a percentage.
  const inPercent = (figures) => filled(percent, { number: inFigures(figures) });

  // A message with its places filled in; _c for one with a context; _n for one or several, with the amount as {n}.
  const _ = (message, places = {}) => filled(messages[message] ?? message, places);
  const _c = (context, message, places = {}) => filled(messages[`${context}\u0004${message}`] ?? message, places);
  const _n = (one, several, amount, places = {}) => {
    const found = messages[one];
    return filled(found ? found[kind.select(amount)] ?? found.other : amount === 1 ? one : several, { n: wholeNumber(amount), ...places });
  };
  // A message whose places are filled with elements: a list of texts and elements, to append.
  const _e = (message, places) =>
    (messages[message] ?? message).split(/(\{\w+(?::[^{}]*)?\})/).map((part, n) => (n % 2 ? places[part.match(/\w+/)[0]] : part));
  // Whole sentences in a row; empty ones are left out.
  const together = (...sentences) => sentences.filter(Boolean).join(between);
  return { _, _n, _c, _e, together, inFigures, inPercent, wholeNumber };
})();
