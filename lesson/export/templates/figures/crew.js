// Finds somebody who learns: a worker from a file, or from the page's own text where files are out of reach, or the page.
"use strict";
knobs.define("crew", () => {
  const MODULES = ["packing", "activations", "network", "chance", "learning", "learner"];

  // A worker that says it is ready; null if the browser or the policy of the site allows none.
  function worker(address) {
    return new Promise((done) => {
      let found;
      try { found = new Worker(address); } catch { done(null); return; }
      const timer = setTimeout(() => give(null), 4000);
      const give = (result) => { clearTimeout(timer); if (!result) found.terminate(); done(result); };
      found.onerror = (event) => { event.preventDefault?.(); give(null); };
      found.onmessage = () => give(found);
    });
  }

  // file: the address of the worker's program on this site, if there is one. hear: called with each report.
  async function hire(file, hear) {
    let found = null, kind = "file";
    if (file && /^https?:$/.test(location.protocol)) found = await worker(file);
    if (!found) {
      kind = "blob";
      const address = URL.createObjectURL(new Blob([knobs.programOf(...MODULES)], { type: "text/javascript" }));
      found = await worker(address);
      URL.revokeObjectURL(address);
    }
    if (found) {
      found.onmessage = ({ data }) => hear(data);
      return { kind, tell: (message) => found.postMessage(message) };
    }
    const scope = { slice: 10, postMessage: (data) => { if (!data.ready) setTimeout(() => hear(data), 0); } };
    knobs.learner(scope);
    return { kind: "page", tell: (message) => scope.onmessage({ data: message }) };
  }
  return { hire, worker };
});
