// The lesson in a talk: it plays one beat, then waits. A second window shows the speaker what comes next.
"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const lesson = JSON.parse(by("lesson").textContent);
  const scenes = lesson.scenes.map((scene, n, all) => (
    { ...scene, number: `${scene.part}.${all.slice(0, n + 1).filter((one) => one.part === scene.part).length}` }
  ));
  const steps = scenes.flatMap((scene, n) => scene.steps.map((step, k) => ({ ...step, scene, n, k })));
  const stage = by("stage"), bar = by("bar"), start = by("start"), cover = by("cover"), root = document.documentElement;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const heard = scenes.some((one) => one.sound);
  const RATES = [...by("rate").options].map((option) => Number(option.value));

  // Where the talk is: a step, and whether its picture stands as it begins ("before"), moves ("playing"), was stopped
  // on its way ("paused"), or has arrived ("after"). A beat that repeats is "after" too, and moves on.
  let at = 0, phase = "before", turn = 0, repeating = false, front = null;
  let rate = 1, muted = lesson.muted, auto = lesson.auto, captions = null, timer = 0, typed = "", begun = 0;
  let speaker = null, resumes = false;

  // ---------------------------------------------------------------------------------------------- films

  const films = new Map();

  function filmOf(n) {
    if (films.has(n)) return films.get(n);
    const film = document.createElement("video");
    Object.assign(film, { playsInline: true, preload: "auto", src: scenes[n].mp4 });
    film.setAttribute("aria-label", scenes[n].title);
    film.addEventListener("timeupdate", look); // in a window that is covered, this goes on while frames do not
    film.addEventListener("ended", look);
    film.addEventListener("seeked", tell);
    film.addEventListener("error", () => {
      if (film !== front && n !== steps[at].n) return;
      note(film.src.startsWith("blob:")
        ? _("This server sends clips only from their beginning, so nobody can jump within them here. Its administrator can switch on “range requests”; or copy the folder, and open this page from disk.")
        : _("{file} cannot be played here; it belongs in the same folder as this page.", { file: scenes[n].mp4 }));
    });
    by("films").append(film);
    films.set(n, film);
    return film;
  }

  // The film of this scene and of those beside it are kept ready; others are let go.
  function keepNear(n) {
    for (const [other, film] of [...films]) {
      if (Math.abs(other - n) < 2 || film === front) continue;
      films.delete(other);
      film.removeAttribute("src");
      film.load();
      film.remove();
    }
    if (n + 1 < scenes.length) filmOf(n + 1);
  }

  const event = (target, name) => new Promise((done) => target.addEventListener(name, done, { once: true }));

  // The film of a step, standing at a moment, in front of the others once its picture is there. To go on where a film
  // stands, it may be some frames away: a jump could be heard.
  async function placed(step, seconds, frames = 0.4) {
    const film = filmOf(step.n), mine = turn;
    document.body.dataset.moving = ""; // for whoever wants to know from outside, as are the step and the phase
    if (film.readyState < 1) await event(film, "loadedmetadata");
    if (mine !== turn) return null;
    if (Math.abs(film.currentTime - seconds) > frames * step.scene.frame || film.ended) {
      film.pause();
      await whole(film);
      if (mine !== turn) return null;
      film.currentTime = seconds;
    }
    // A jump may be under way from the key before; while it is, a film has no picture.
    while (film.seeking || film.readyState < 2) {
      await Promise.race(["seeked", "loadeddata", "canplay"].map((name) => event(film, name)));
      if (mine !== turn) return null;
    }
    for (const other of films.values()) {
      other.classList.toggle("front", other === film);
      if (other !== film) other.pause();
    }
    front = film;
    keepNear(step.n);
    delete document.body.dataset.moving;
    return film;
  }

  // A server that cannot send a part of a file lets nobody seek; then the file is fetched as a whole.
  async function whole(film) {
    const { seekable } = film;
    if (!/^http/.test(film.src) || (seekable.length && seekable.end(seekable.length - 1) > 0)) return;
    film.src = URL.createObjectURL(await (await fetch(film.src)).blob());
    await event(film, "loadedmetadata");
  }

  // ---------------------------------------------------------------------------------------------- steps

  // Between two frames, so that rounding never shows the one before or after.
  const first = (step) => step.start + step.scene.frame / 2;
  const last = (step) => step.stop - step.scene.frame / 2;
  const loops = (step) => step.loop && !calm.matches && auto === null;
  const goal = (step) => (loops(step) ? step.loop[1] : step.stop);

  async function play(number, from) {
    const step = steps[number];
    turn += 1;
    [at, phase, repeating] = [number, "playing", false];
    begun ||= Date.now();
    start.hidden = true;
    clearTimeout(timer);
    uncover(false);
    remember();
    tell();
    const film = await placed(step, from ?? first(step), 2);
    if (film) await run(film);
  }

  async function run(film) {
    const mine = turn;
    film.playbackRate = rate;
    film.muted = muted || repeating;
    try {
      await film.play();
    } catch (problem) {
      if (mine !== turn || problem.name === "AbortError") return;
      phase = "paused";
      note(_("The browser has not let the clip play; press a key in this window."));
      tell();
      return;
    }
    watch(mine);
  }

  function watch(mine) {
    if (mine !== turn || (phase !== "playing" && !repeating)) return;
    look();
    requestAnimationFrame(() => watch(mine));
  }

  // Whether the film has come to where it waits.
  function look() {
    const step = steps[at];
    if (!front || front.paused && !front.ended || (phase !== "playing" && !repeating)) return;
    showWords();
    const stop = repeating ? (step.loop ?? [step.start, step.stop])[1] : goal(step);
    if (front.ended || front.currentTime >= stop - step.scene.frame) arrive(step);
  }

  function arrive(step) {
    turn += 1;
    front.pause();
    phase = "after";
    repeating ||= Boolean(loops(step));
    if (repeating) again(step);
    else {
      // Where a timer was late, it goes back to the last picture.
      if (front.ended || front.currentTime >= step.stop) front.currentTime = Math.min(last(step), front.duration - step.scene.frame / 2);
      if (auto !== null && at + 1 < steps.length) timer = setTimeout(next, 1000 * auto);
    }
    tell();
  }

  function again(step) {
    const [begin] = step.loop ?? [step.start];
    placed(step, begin + step.scene.frame / 2).then((film) => film && run(film));
  }

  // Show a step as it begins ("before") or as it ends ("after").
  async function stand(number, how) {
    const step = steps[number];
    turn += 1;
    [at, phase, repeating] = [number, how, false];
    clearTimeout(timer);
    uncover(false);
    start.hidden = true;
    front?.pause();
    remember();
    tell();
    await placed(step, how === "before" ? first(step) : last(step));
    tell();
  }

  // ---------------------------------------------------------------------------------------------- what the keys do

  function next() {
    if (uncover(true)) return;
    const step = steps[at];
    if (phase === "before") return play(at);
    if (at + 1 === steps.length) {
      if (phase === "after") say(_("That was the last beat."));
      else stand(at, "after");
      return;
    }
    // What follows a beat that repeats is shown, too.
    const left = repeating && step.loop && steps[at + 1].n === step.n ? step.loop[1] + step.scene.frame / 2 : undefined;
    return play(at + 1, left);
  }

  function back() {
    if (uncover(true)) return;
    if (at === 0) stand(0, "before");
    else stand(at - 1, "after");
  }

  function pauseOrGoOn() {
    if (uncover(true)) return;
    if (phase === "playing") {
      turn += 1;
      phase = "paused";
      front?.pause();
      tell();
    } else if (phase === "paused") {
      turn += 1;
      phase = "playing";
      if (front) run(front); else play(at);
      tell();
    } else next();
  }

  function scene(change) {
    const step = steps[at];
    // Back goes first to the start of this scene.
    const n = step.n + change + (change < 0 && (step.k || phase !== "before") ? 1 : 0);
    stand(steps.findIndex((one) => one.n === Math.min(Math.max(n, 0), scenes.length - 1)), "before");
  }

  function repeat() {
    if (repeating) { stand(at, "after"); return; }
    repeating = true;
    turn += 1;
    phase = "after";
    again(steps[at]);
    tell();
  }

  function blank(kind) {
    if (uncover(true)) return;
    cover.className = kind;
    cover.hidden = false;
    resumes = phase === "playing";
    if (resumes) { turn += 1; phase = "paused"; front?.pause(); }
    say(kind === "white" ? _("White screen") : _("Black screen"));
    tell();
  }

  // Whether there was a cover; what it stopped goes on.
  function uncover(goesOn) {
    if (cover.hidden) return false;
    cover.hidden = true;
    if (goesOn && resumes) pauseOrGoOn();
    resumes = false;
    tell();
    return true;
  }

  function setRate(value) {
    rate = value;
    by("rate").value = String(value);
    for (const film of films.values()) film.playbackRate = rate;
    say(_("Speed {value}", { value: inFigures(String(value)) }));
  }

  function setAuto(value) {
    auto = value;
    clearTimeout(timer);
    if (auto !== null && phase === "after" && at + 1 < steps.length) next();
    say(auto === null ? _("It waits after each beat.") : _("It goes on by itself."));
    tell();
  }

  // Off, in each of their languages, and off again.
  function nextCaptions() {
    const all = lesson.captions, shown = all.length > 1;
    captions = all[captions ? all.indexOf(captions) + 1 : 0] ?? null;
    const named = by("language"), name = captions?.name ?? "";
    Object.assign(named, { textContent: name, lang: captions?.code ?? "", hidden: !(shown && name) });
    Object.assign(by("words"), { lang: captions?.code ?? root.lang });
    tell();
    if (shown) say(name);
  }

  const actions = {
    next,
    back,
    run: pauseOrGoOn,
    replay: () => play(at),
    repeat,
    black: () => blank("black"),
    white: () => blank("white"),
    first: () => stand(0, "before"),
    last: () => stand(steps.length - 1, "after"),
    sceneOn: () => scene(1),
    sceneBack: () => scene(-1),
    slower: () => setRate(RATES[Math.max(RATES.indexOf(rate) - 1, 0)]),
    faster: () => setRate(RATES[Math.min(RATES.indexOf(rate) + 1, RATES.length - 1)]),
    captions: nextCaptions,
    sound: () => { muted = !muted; if (front) front.muted = muted || repeating; tell(); },
    auto: () => setAuto(auto === null ? (lesson.auto ?? 1) : null),
    jump: () => open("jump"),
    keys: () => open("keys"),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()).catch(() => note(_("This browser has no full screen."))),
    speaker: openSpeaker,
    restart: () => { begun = Date.now(); tell(); },
  };

  const KEYS = {
    ArrowRight: "next", ArrowDown: "next", PageDown: "next", n: "next",
    ArrowLeft: "back", ArrowUp: "back", PageUp: "back", Backspace: "back", p: "back",
    " ": "run", r: "replay", l: "repeat", b: "black", w: "white", Home: "first", End: "last", "+": "faster", "=": "faster",
    "-": "slower", c: "captions", m: "sound", a: "auto", j: "jump", h: "keys", "?": "keys", f: "full", s: "speaker",
  };

  function press(pressed) {
    const { key, target } = pressed;
    if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.defaultPrevented) return;
    if (target.closest?.("dialog, select, input") || (" Enter".includes(key) && target.closest?.("button, a"))) return;
    let name = KEYS[key.length === 1 ? key.toLowerCase() : key];
    if (pressed.shiftKey && /^Arrow(Right|Down)$/.test(key)) name = "sceneOn";
    if (pressed.shiftKey && /^Arrow(Left|Up)$/.test(key)) name = "sceneBack";
    if (/^[0-9]$/.test(key) || (key === "." && typed)) { type(typed + key); name = null; }
    else if (key === "Backspace" && typed) { type(typed.slice(0, -1)); name = null; }
    else if (key === ".") name = "black";
    else if (key === ",") name = "white";
    else if (key === "Enter") name = typed ? null : "next";
    else if (key === "Escape") name = null;
    if (name === undefined) return;
    pressed.preventDefault();
    if (key === "Enter" && typed) goTo(typed);
    if (!/^([0-9.]|Backspace)$/.test(key)) type("");
    if (name) actions[name]();
  }

  // A number and Enter: a part, such as 6, or one of its scenes, such as 6.2.
  function type(text) {
    typed = text.slice(0, 5);
    by("typed").textContent = typed;
    by("typed").hidden = !typed;
  }

  function goTo(number) {
    const [part, place = "1"] = number.split(".");
    const of = scenes.filter((one) => String(one.part) === part);
    const wanted = of[Number(place || 1) - 1];
    if (wanted) stand(steps.findIndex((step) => step.scene === wanted), "before");
    else note(of.length ? _("Part {part} has no scene {scene} here.", { part, scene: place }) : _("There is no part {part} here.", { part }));
  }

  function open(id) {
    for (const button of by("jump").querySelectorAll("[data-scene]")) {
      const here = button.dataset.scene === steps[at].scene.name;
      if (here) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
    }
    by(id).showModal();
    by(id).querySelector("[aria-current]")?.focus();
  }

  // ---------------------------------------------------------------------------------------------- what is shown

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const say = (words) => { by("state").textContent = words; };

  let noteTimer = 0;
  function note(words) {
    by("note").textContent = words;
    by("note").hidden = false;
    clearTimeout(noteTimer);
    noteTimer = setTimeout(() => { by("note").hidden = true; }, 8000);
  }

  function showWords() {
    const now = front?.currentTime ?? 0, { scene } = steps[at];
    const cues = captions && phase !== "before" && !repeating && scene.captions[captions.code];
    const cue = cues && cues.find((one) => now >= one[0] && now < one[1]);
    if (cue && by("words").textContent !== cue[2]) by("words").textContent = cue[2];
    by("words").hidden = !cue;
  }

  const DOING = {
    before: _c("the talk", "Ready"), playing: _c("the talk", "Plays"), paused: _c("the talk", "Paused"), after: _c("the talk", "Waits for you"),
  };
  const places = (step) => ({ scene: step.scene.title, beat: step.k + 1, beats: step.scene.steps.length });
  const placeOf = (step) => _("{number} {scene} · beat {beat} of {beats}", { number: step.scene.number, ...places(step) });

  function tell() {
    const step = steps[at];
    const doing = repeating ? _c("the talk", "Repeats") : DOING[phase];
    by("place").textContent = placeOf(step);
    document.body.dataset.phase = phase;
    document.body.dataset.step = `${step.scene.name}/${step.k + 1}`;
    if (phase === "after" || phase === "paused") say(_("{doing}: {scene}, beat {beat} of {beats}", { doing, ...places(step) }));
    showWords();
    const runs = phase === "playing" ? _c("a button", "Pause") : phase === "before" && !begun ? _c("a button", "Start") : _c("a button", "Go on");
    for (const where of [document, speakerDocument()]) {
      if (!where) continue;
      for (const button of where.querySelectorAll("[data-do=run]")) button.textContent = runs;
      for (const [name, on] of [["sound", !muted], ["captions", captions !== null], ["auto", auto !== null], ["black", !cover.hidden]]) {
        for (const button of where.querySelectorAll(`[data-do=${name}]`)) button.setAttribute("aria-pressed", on);
      }
    }
    tellSpeaker(doing);
  }

  // The address says where the talk is, so that it goes on there when the page is loaded again.
  function remember() {
    const step = steps[at];
    history.replaceState(null, "", `#${encodeURIComponent(step.scene.name)}/${step.k + 1}`);
  }

  function recall() {
    const [name, number = "1"] = location.hash.slice(1).split("/");
    let wanted = "";
    try { wanted = decodeURIComponent(name); } catch { /* not an address of ours */ }
    return steps.findIndex((step) => step.scene.name === wanted && step.k + 1 === Number(number));
  }

  // ---------------------------------------------------------------------------------------------- the speaker's window

  const speakerDocument = () => (speaker && !speaker.closed ? speaker.document : null);

  // The window is empty, and this page fills it: so it works from disk too, where two pages may not talk to each other.
  function openSpeaker() {
    if (speakerDocument()) { speaker.focus(); return; }
    speaker = window.open("", "knobs-speaker", "popup,width=1180,height=780");
    if (!speaker) { note(_("The browser has blocked the second window; allow pop-up windows for this page, then press S again.")); return; }
    const there = speaker.document;
    Object.assign(there.documentElement, { lang: root.lang, dir: root.dir });
    there.head.replaceChildren(...[...document.querySelectorAll("style, link[rel=stylesheet]")].map((one) => {
      const copy = there.importNode(one, true);
      if (one.href) copy.href = one.href; // in full: the window has no address of its own
      return copy;
    }));
    there.title = _("Speaker view"); // after the head is filled
    there.body.replaceChildren(there.importNode(by("speaker").content, true));
    if (!heard) there.querySelector("[data-do=sound]").remove();
    there.addEventListener("click", clicked);
    there.addEventListener("keydown", press);
    there.querySelector("[data-do=size]").addEventListener("input", (changed) => {
      there.querySelector(".speaker").style.setProperty("--notes", `${changed.target.value}px`);
    });
    tell();
  }

  function tellSpeaker(doing) {
    const there = speakerDocument();
    if (!there?.querySelector(".speaker")) return;
    const put = (name, words) => {
      const field = there.querySelector(`[data-of=${name}]`);
      if (field.textContent !== words) field.textContent = words;
    };
    const step = steps[at], coming = phase === "before" ? step : steps[at + 1];
    const shown = phase === "before" ? null : step;
    put("place", _("Part {part}: {title}", { part: step.scene.part, title: step.scene.partTitle }));
    put("scene", placeOf(step));
    put("count", _("{beat} of {beats}", { beat: at + 1, beats: steps.length }));
    put("said", shown?.text ?? "");
    put("moves", shown?.moves ?? "");
    put("coming", coming?.text ?? "");
    put("end", coming ? "" : _("The end"));
    const picture = there.querySelector("[data-of=picture]");
    const source = coming ? new URL(coming.picture, document.baseURI).href : null;
    if (source && picture.src !== source) picture.src = source;
    if (!source) picture.removeAttribute("src");
    put("doing", doing);
    tick();
  }

  function tick() {
    const there = speakerDocument();
    if (!there?.querySelector(".speaker")) return;
    const step = steps[at];
    there.querySelector("[data-of=time]").textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    there.querySelector("[data-of=gone]").textContent = clock(begun ? (Date.now() - begun) / 1000 : 0);
    if (phase === "playing" && front) {
      const left = Math.max(0, goal(step) - front.currentTime) / rate;
      there.querySelector("[data-of=doing]").textContent = _("Plays, {seconds} s left", { seconds: wholeNumber(Math.ceil(left)) });
    }
    const canvas = there.querySelector("canvas"), pen = canvas.getContext("2d");
    pen.fillStyle = cover.hidden ? "#000" : cover.className;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    if (front?.videoWidth && cover.hidden && start.hidden) {
      const height = Math.round((canvas.width * front.videoHeight) / front.videoWidth);
      if (canvas.height !== height) canvas.height = height;
      pen.drawImage(front, 0, 0, canvas.width, canvas.height);
    }
  }
  setInterval(tick, 200);
  addEventListener("pagehide", () => speaker?.close());

  // ---------------------------------------------------------------------------------------------- hands

  function clicked(event) {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    if (event.detail) button.blur(); // after a click with the mouse, the space bar belongs to the talk again
    actions[button.dataset.do]();
  }

  let rest = 0;
  function stir() {
    root.classList.remove("resting");
    root.style.setProperty("--bar", `${bar.offsetHeight}px`);
    clearTimeout(rest);
    rest = setTimeout(() => root.classList.add("resting"), 2500);
  }

  let down = null;
  stage.addEventListener("pointerdown", (event) => { down = event.button === 0 && event.isPrimary ? event : null; });
  stage.addEventListener("pointerup", (event) => {
    if (!down || event.pointerId !== down.pointerId || event.target.closest("a")) return;
    const right = event.clientX - down.clientX, below = event.clientY - down.clientY;
    const far = Math.max(Math.abs(right), Math.abs(below)) > 50;
    down = null;
    if (event.pointerType === "mouse") { if (!far) next(); return; }
    if (far && Math.abs(below) > Math.abs(right)) { if (below < 0) stir(); else root.classList.add("resting"); }
    else if (far) (right < 0 ? next : back)();
    else if (event.clientX < innerWidth * 0.25) back();
    else next();
  });
  addEventListener("pointermove", (event) => { if (event.pointerType === "mouse") stir(); });
  bar.addEventListener("pointerdown", stir);
  bar.addEventListener("click", clicked);
  by("rate").addEventListener("change", (event) => { setRate(Number(event.target.value)); event.target.blur(); });
  by("jump").addEventListener("click", (event) => {
    const button = event.target.closest("[data-scene]");
    if (!button) return;
    by("jump").close();
    stand(steps.findIndex((step) => step.scene.name === button.dataset.scene), "before");
  });
  addEventListener("keydown", press);
  addEventListener("hashchange", () => { const wanted = recall(); if (wanted >= 0) stand(wanted, "before"); });

  for (const part of [by("hints"), bar]) part.hidden = false;
  if (!heard) bar.querySelector("[data-do=sound]").remove();
  if (!lesson.captions.length) bar.querySelector("[data-do=captions]").remove();
  const wanted = recall();
  if (wanted >= 0) stand(wanted, "before");
  else { filmOf(0); tell(); }
  stir(); // now that all that it measures is there
})();
