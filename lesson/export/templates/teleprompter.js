"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const clauses = [...document.querySelectorAll(".clause")];
  if (!clauses.length) return;
  const main = by("script"), bar = document.querySelector(".bar"), run = by("run"), pace = by("pace");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  document.querySelector(".controls").hidden = false;

  // Each clause is read for as long as it lasts in its scene, with the pause after it.
  const lines = clauses.map((element, n) => {
    const beat = element.closest(".beat"), scene = element.closest(".scene");
    const start = +element.dataset.start, stop = +element.dataset.stop, next = clauses[n + 1];
    const same = next && next.closest(".beat") === beat;
    return { element, beat, scene, seconds: Math.max(0.3, (same ? +next.dataset.start : stop) - start) };
  });
  let at = 0, into = 0, running = false, before = 0, wanted = null;

  const left = (from) => lines.slice(from).reduce((sum, line) => sum + line.seconds, 0) - into;
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  // The line that is read stands in the upper third of what is free below the bar.
  const readingLine = () => bar.offsetHeight + (window.innerHeight - bar.offsetHeight) * 0.3;

  function mark() {
    for (const line of lines) line.element.classList.toggle("now", line === lines[at]);
    by("left").textContent = _("{time} left", { time: clock(left(at) / (pace.value / 100)) });
  }

  function show() {
    mark();
    const rects = lines[at].element.getClientRects();
    const top = rects[0].top, height = rects[rects.length - 1].bottom - top;
    const share = still.matches ? 0 : into / lines[at].seconds;
    const y = window.scrollY + top - readingLine() + share * Math.max(0, height - rects[0].height);
    window.scrollTo({ top: y, behavior: "instant" });
    wanted = window.scrollY;
  }

  function setRunning(on, why) {
    running = on;
    run.textContent = on ? _c("a button", "Pause") : _c("a button", "Start");
    by("state").textContent = why ?? (on ? _c("the script", "Running") : _c("the script", "Paused"));
    before = performance.now();
    if (on) requestAnimationFrame(step);
  }

  function go(n) {
    at = Math.min(Math.max(n, 0), lines.length - 1);
    into = 0;
    show();
  }

  function goBeat(change) {
    const beats = [...new Set(lines.map((line) => line.beat))];
    let n = beats.indexOf(lines[at].beat) + change;
    // Back goes first to the start of this beat.
    if (change < 0 && lines[at - 1]?.beat === lines[at].beat) n += 1;
    const beat = beats[Math.min(Math.max(n, 0), beats.length - 1)];
    go(lines.findIndex((line) => line.beat === beat));
    by("state").textContent = beat.querySelector("h3").textContent;
  }

  function step(now) {
    if (!running) return;
    into += Math.min(0.25, (now - before) / 1000) * (pace.value / 100);
    before = now;
    const line = lines[at];
    if (into < line.seconds) {
      show();
      requestAnimationFrame(step);
      return;
    }
    const next = lines[at + 1], stop = by("stop").value;
    const ends = !next || (stop === "beat" && next.beat !== line.beat) || (stop !== "never" && next.scene !== line.scene);
    if (next) go(at + 1);
    if (ends) setRunning(false, next ? _("Paused before the next beat") : _("The end"));
    else requestAnimationFrame(step);
  }

  run.addEventListener("click", () => setRunning(!running));
  by("back").addEventListener("click", () => goBeat(-1));
  by("on").addEventListener("click", () => goBeat(1));
  pace.addEventListener("input", () => { by("pace-now").textContent = inPercent(pace.value); show(); });
  by("size").addEventListener("input", (event) => {
    document.documentElement.style.setProperty("--size", `${event.target.value}px`);
    show();
  });
  by("mirror").addEventListener("change", (event) => main.classList.toggle("mirrored", event.target.checked));
  window.addEventListener("resize", show);
  // Whoever scrolls by hand goes on from there.
  window.addEventListener("scroll", () => {
    if (running || wanted === null || Math.abs(window.scrollY - wanted) < 3) return;
    const line = readingLine();
    let nearest = 0;
    lines.forEach((one, n) => { if (one.element.getBoundingClientRect().top <= line + 4) nearest = n; });
    at = nearest;
    into = 0;
    mark();
    wanted = window.scrollY;
  }, { passive: true });
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
    const keys = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      PageDown: () => goBeat(1),
      PageUp: () => goBeat(-1),
      Home: () => go(0),
      End: () => go(lines.length - 1),
      ArrowRight: () => { pace.stepUp(); pace.dispatchEvent(new Event("input")); },
      ArrowLeft: () => { pace.stepDown(); pace.dispatchEvent(new Event("input")); },
    };
    if (event.key === " " && !event.target.closest("button")) keys[" "] = () => setRunning(!running);
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  mark();
})();
