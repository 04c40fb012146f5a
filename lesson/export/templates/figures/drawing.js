// What the reader has drawn last, anywhere on the page: a picture as the network sees it. Every figure can follow it.
"use strict";
knobs.define("drawing", () => {
  let image = null;
  const followers = [];
  return {
    get image() { return image; },
    // from: who draws, and need not be told.
    set(to, from) {
      image = to;
      for (const { follow, who } of followers) if (who !== from) follow(image);
    },
    follow(who, follow) { followers.push({ who, follow }); },
  };
});
