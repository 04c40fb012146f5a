// Figures come when they are nearly in view: their files are named where they stand, and loaded once for all of them.
"use strict";
(() => {
  const loaded = {};
  const load = (path) => (loaded[path] ??= new Promise((done, failed) => {
    const style = path.endsWith(".css"), element = document.createElement(style ? "link" : "script");
    if (style) { element.rel = "stylesheet"; element.href = path; } else { element.async = false; element.src = path; }
    element.addEventListener("load", done);
    element.addEventListener("error", () => failed(new Error(path)));
    document.head.append(element);
  }));
  const watcher = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      Promise.all(target.dataset.files.split(" ").map(load)).then(
        () => knobs.begin(target),
        (problem) => { target.querySelector("[data-state]").textContent = _("The figure cannot be shown: the file {file} is missing.", { file: problem.message }); });
    }
  }, { rootMargin: "100% 0px" });
  for (const section of document.querySelectorAll("[data-figure]")) watcher.observe(section);
})();
