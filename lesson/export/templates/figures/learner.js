// The one who learns: a worker, or the page itself between two frames. It is told what to do and reports how it goes.
"use strict";
knobs.define("learner", ({ learning, network, chance }) => (scope) => {
  let training = null, test = null, settings = null, run = null, going = false, reported = 0, spent = 0, begun = false;
  const REPORT_EVERY = 90, SLICE = scope.slice ?? 40; // milliseconds

  function report() {
    const score = network.judge(run.layers, test);
    reported = performance.now();
    scope.postMessage({ done: run.done, total: run.total, stepsAnEpoch: run.stepsAnEpoch, parameters: run.parameters.slice(),
      right: score.right, of: score.of, cost: score.cost, going, spent, finished: run.done >= run.total });
  }
  function start(seed) { run = learning.run(settings, training, chance(seed)); spent = 0; report(); }

  function work() {
    begun = false;
    if (!going) return;
    const from = performance.now();
    while (run.done < run.total && performance.now() - from < SLICE) run.step(settings.rate);
    spent += performance.now() - from;
    if (run.done >= run.total) going = false;
    if (!going || performance.now() - reported > REPORT_EVERY) report();
    next();
  }
  function next() { if (going && !begun) { begun = true; setTimeout(work, 0); } }

  scope.onmessage = ({ data }) => {
    if (data.training) ({ training, test, settings } = data);
    if ("rate" in data) settings.rate = data.rate;
    if ("seed" in data) start(data.seed);
    if (data.say === "go") { going = run.done < run.total; next(); }
    if (data.say === "stop") { going = false; report(); }
    if (data.say === "step" && run.done < run.total) {
      going = false;
      for (let n = 0; n < data.steps && run.done < run.total; n++) run.step(settings.rate);
      report();
    }
  };
  scope.postMessage({ ready: true });
});
