// In a SCORM 1.2 package: reports to the course system which clips were watched, and how questions were answered.
"use strict";
(() => {
  // The course system offers its interface, `API`, in a window around this one or in the one that opened it.
  const find = (from) => {
    try {
      for (let here = from, steps = 0; here && steps < 20; here = here.parent, steps++) {
        if (here.API) return here.API;
        if (here === here.parent) return null;
      }
    } catch { /* a window of another origin */ }
    return null;
  };
  const api = find(window) ?? find(window.opener);
  const make = (tag, text = "", attributes = {}) => {
    const element = Object.assign(document.createElement(tag), { textContent: text });
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const begun = Date.now();
  const clips = [...document.querySelectorAll("[data-clip]")];
  const sceneOf = (clip) => clip.querySelector("video").getAttribute("aria-describedby").slice("alt-".length);
  const tally = make("p", "", { class: "tally small", role: "status" });
  (document.querySelector(".facts") ?? document.querySelector(".tell .meta")).after(tally);
  for (const link of document.querySelectorAll('a[href]:not([href^="#"]):not([data-seek])')) link.target = "_blank";
  if (!api || String(api.LMSInitialize("")) !== "true") {
    tally.textContent = _("No course system was found, so nothing is recorded here.");
    return;
  }

  // done: scenes whose clip was watched or read. answered: question to [its number, correct or wrong].
  let done = new Set();
  let answered = {};
  try {
    const kept = JSON.parse(api.LMSGetValue("cmi.suspend_data") || "{}");
    done = new Set(kept.done ?? []);
    answered = kept.answered ?? {};
  } catch { /* not ours */ }
  const finished = () => ["completed", "passed"].includes(api.LMSGetValue("cmi.core.lesson_status"));
  const report = () => {
    const left = clips.filter((clip) => !done.has(sceneOf(clip)));
    tally.textContent = clips.length > 1 ? _n("Done: {done} of {n} clip.", "Done: {done} of {n} clips.", clips.length, { done: clips.length - left.length })
      : left.length ? _("Counts as done when you have watched it, or read its words.") : _("Done.");
    if (!finished()) api.LMSSetValue("cmi.core.lesson_status", left.length ? "incomplete" : "completed");
    api.LMSSetValue("cmi.suspend_data", JSON.stringify({ done: [...done], answered }));
    api.LMSCommit("");
  };

  for (const clip of clips) {
    const scene = sceneOf(clip);
    const video = clip.querySelector("video");
    const words = clip.querySelector(".words");
    const label = make("label", "", { class: "switch" });
    const box = make("input", "", { type: "checkbox" });
    label.append(box, make("span", _("I have watched this clip, or read its words.")));
    (words ?? video.parentElement).append(label);
    box.checked = done.has(scene);
    const finish = () => {
      box.checked = true;
      if (!done.has(scene)) { done.add(scene); report(); }
    };
    box.addEventListener("change", () => {
      if (box.checked) finish();
      else { done.delete(scene); report(); }
    });
    // Nine tenths count as all: the end is often skipped. Jumping to the end is not watching.
    const watched = () => {
      let seconds = 0;
      for (let i = 0; i < video.played.length; i++) seconds += video.played.end(i) - video.played.start(i);
      return seconds >= 0.9 * video.duration;
    };
    for (const event of ["timeupdate", "pause", "ended"]) video.addEventListener(event, () => { if (watched()) finish(); });
    video.addEventListener("play", () => { api.LMSSetValue("cmi.core.lesson_location", scene); });
  }

  // Each question gets a field for an answer, and after the answer is shown, the learner says how theirs was.
  const interactions = () => Number(api.LMSGetValue("cmi.interactions._count")) || 0;
  const clock = (milliseconds) => new Date(milliseconds).toISOString().slice(11, 19);
  for (const part of document.querySelectorAll(".part")) {
    [...part.querySelectorAll(".ponder .question")].forEach((question, index) => {
      const id = `${part.id}-question-${index + 1}`;
      const details = question.nextElementSibling;
      const field = make("textarea", "", { maxlength: 255, rows: 2, placeholder: _("Your answer"), "aria-label": _("Your answer to: {question}", { question: question.textContent }) });
      question.after(field);
      const judge = make("p", "", { class: "judge", role: "group", "aria-label": _("Were you right?") });
      judge.append(_("Were you right?"), " ");
      const show = () => {
        for (const button of judge.querySelectorAll("button")) {
          button.setAttribute("aria-pressed", answered[id]?.[1] === button.dataset.result);
        }
      };
      for (const [text, result] of [[_c("an answer was right", "Yes"), "correct"], [_c("an answer was right", "Not quite"), "wrong"]]) {
        const button = make("button", text, { type: "button", "data-result": result });
        button.addEventListener("click", () => {
          const number = answered[id]?.[0] ?? interactions();
          const set = (name, value) => api.LMSSetValue(`cmi.interactions.${number}.${name}`, value);
          const answer = [...details.children].filter((e) => e.tagName !== "SUMMARY" && e !== judge);
          set("id", id);
          set("type", "fill-in");
          set("time", clock(Date.now() - new Date().getTimezoneOffset() * 60000));
          set("correct_responses.0.pattern", answer.map((e) => e.textContent.trim()).join(" ").slice(0, 255));
          if (field.value.trim()) set("student_response", field.value.trim().slice(0, 255));
          set("result", result);
          answered[id] = [number, result];
          show();
          report();
        });
        judge.append(button, " ");
      }
      details.append(judge);
      show();
    });
  }

  const place = document.getElementById(api.LMSGetValue("cmi.core.lesson_location"));
  if (place && !location.hash) place.scrollIntoView();
  report();

  let open = true;
  const leave = () => {
    if (!open) return;
    open = false;
    const seconds = Math.round((Date.now() - begun) / 1000);
    const two = (number) => String(number).padStart(2, "0");
    api.LMSSetValue("cmi.core.session_time", `${two(Math.floor(seconds / 3600)).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`);
    api.LMSSetValue("cmi.core.exit", finished() ? "" : "suspend");
    api.LMSCommit("");
    api.LMSFinish("");
  };
  addEventListener("pagehide", leave);
  addEventListener("beforeunload", leave);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
