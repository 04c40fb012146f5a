// What the pages do beyond HTML. Without it, they can still be read, and the clips played.
"use strict";
(() => {
  // Captions stand from the start: the words are not in the picture, many people watch without sound, and some cannot
  // hear it. The switch turns them off and on for all clips, and the browser remembers that for the next page.
  const films = [], tracks = [];
  const switches = [...document.querySelectorAll(".captions")];
  const remembered = (value) => {
    try {
      if (value) localStorage.setItem("knobs-captions", value);
      return localStorage.getItem("knobs-captions");
    } catch { return null; } // a frame in a sandbox has no storage
  };
  let captions = remembered() !== "off";
  const showCaptions = (on) => {
    captions = on;
    for (const track of tracks) track.mode = on ? "showing" : "hidden";
    for (const button of switches) button.setAttribute("aria-pressed", on);
  };
  for (const button of switches) {
    button.hidden = false;
    button.addEventListener("click", () => { showCaptions(!captions); remembered(captions ? "on" : "off"); });
  }

  function prepare(video) {
    const clip = video.closest("[data-clip]");
    const start = clip.querySelector(".start");
    films.push(video);
    if (clip.querySelector(".captions")) { // there is none where they are in the picture
      tracks.push(...[...video.textTracks].filter((track) => track.kind === "captions"));
      showCaptions(captions);
    }
    let wanted = null; // where to, in seconds
    const seek = (seconds) => {
      const go = () => { video.currentTime = wanted = seconds; };
      if (video.readyState) go();
      else { video.addEventListener("loadedmetadata", go, { once: true }); video.preload = "metadata"; video.load(); }
      start.hidden = true;
    };

    // Nothing plays by itself: a clip speaks, so it starts when somebody wants to hear it.
    start.hidden = false;
    start.addEventListener("click", () => { video.play(); video.focus(); });
    // The still over the film goes when there is a picture below it.
    const screen = clip.querySelector(".screen");
    video.addEventListener("loadeddata", () => { screen.classList.add("shown"); });
    video.addEventListener("play", () => {
      start.hidden = true;
      for (const other of films) if (other !== video) other.pause();
    });

    // A server that does not send parts of a file leaves the film where it was: say so, rather than nothing.
    video.addEventListener("seeking", () => { wanted ??= video.currentTime; });
    video.addEventListener("seeked", () => {
      if (wanted !== null && Math.abs(video.currentTime - wanted) > 1) clip.querySelector(".from-the-start").hidden = false;
      wanted = null;
    });

    // A clip brings its captions in its file, too. WebKit, once it finds them, turns off those that it showed.
    video.textTracks.addEventListener("addtrack", ({ track }) => {
      if (tracks.includes(track) || !["captions", "subtitles"].includes(track.kind)) return;
      track.mode = "disabled";
      showCaptions(captions);
    });

    // The browser's own menu has a switch for captions, too.
    video.textTracks.addEventListener("change", () => {
      const here = tracks.find((track) => [...video.textTracks].includes(track));
      if (here && (here.mode === "showing") !== captions) showCaptions(!captions);
    });

    const sources = video.querySelectorAll("source");
    sources[sources.length - 1].addEventListener("error", () => {
      start.hidden = true;
      clip.querySelector(".failed").hidden = false;
    });

    // Jump to a chapter or a beat without leaving the page.
    for (const link of clip.querySelectorAll("a[data-seek]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        seek(Number(link.dataset.seek) + 0.001);
      });
    }
    const stretches = [...clip.querySelectorAll("[data-start]")];
    video.addEventListener("timeupdate", () => {
      const now = video.currentTime;
      for (const item of stretches) {
        const here = now >= Number(item.dataset.start) && now < Number(item.dataset.stop);
        item.classList.toggle("now", here);
        if (here) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current");
      }
    });
  }

  // On the page of the whole lesson, a film is made when it is nearly in view: until then, it is the text of a noscript.
  const waiting = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) make(target);
  }, { rootMargin: "100% 0px" });
  function make(screen) {
    const text = screen.querySelector("noscript");
    if (!text) return;
    waiting.unobserve(screen);
    text.insertAdjacentHTML("beforebegin", text.textContent);
    text.remove();
    prepare(screen.querySelector("video"));
  }
  for (const screen of document.querySelectorAll(".screen")) {
    const video = screen.querySelector("video");
    if (video) prepare(video); else waiting.observe(screen);
  }
  showCaptions(captions);

  // Snippets to copy. On a server, they get the address of this page.
  const base = /^https?:$/.test(location.protocol) ? new URL(".", location.href).href.replace(/\/$/, "") : null;
  for (const snippet of document.querySelectorAll(".snippet[data-base]")) {
    const text = snippet.querySelector("code");
    const local = snippet.dataset.base;
    if (base && !/^https?:/.test(local)) {
      // The folder as an address begins with it, with or without a slash in front.
      const here = new RegExp(`(?<=["'(\\s])/?${local.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}/`, "g");
      text.textContent = text.textContent.replace(here, () => `${base}/`);
    }
    const button = snippet.querySelector(".copy");
    button.hidden = false;
    button.addEventListener("click", async () => {
      let copied = true;
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        getSelection().selectAllChildren(text); // without permission, do it as a person would
        copied = document.execCommand("copy");
        if (copied) getSelection().removeAllRanges();
      }
      button.textContent = copied ? "Copied" : "Press Ctrl+C";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }

  // An address that points to a clip opens its snippets.
  const show = () => {
    const texts = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector(".texts");
    if (texts) texts.open = true;
  };
  addEventListener("hashchange", show);
  show();

  // The list of parts closes when a part is chosen, or with Escape.
  const menu = document.querySelector(".bar details");
  if (menu) {
    menu.addEventListener("click", (event) => { if (event.target.closest("a")) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
    });
  }
})();
