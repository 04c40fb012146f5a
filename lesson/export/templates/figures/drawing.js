// What the reader has drawn last, anywhere on the page: a picture as the network sees it. Every figure can follow it.
"use strict";
knobs.define("drawing", ({ elements }) => {
  const followers = [];
  let image = null, drawer = null, telling = false;
  // A follower shows the picture in its own field, which must not count as a new drawing.
  const tell = elements.onceAFrame(() => {
    telling = true;
    for (const { who, follow } of followers) if (who !== drawer) follow(image);
    telling = false;
  });
  return {
    get image() { return image; },
    // from: who draws, and need not be told.
    set(to, from) {
      if (telling) return;
      image = to;
      drawer = from;
      tell();
    },
    follow(who, follow) { followers.push({ who, follow }); },
  };
});
