/**
 * Watchdog: for suites that run kernels. A kernel that goes round for ever blocks the thread it
 * runs in, and the runner's time limit with it; so a thread beside it looks whether the test at
 * hand goes on, and if it does not, says which one it is and what it plays, and ends the process.
 * vitest then reports the file as failed, and goes on with the others.
 */
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect } from "vitest";
import { beginTest, nowPlaying } from "./now-playing.ts";

/**
 * No test takes a tenth of it, on a slow machine either; suites that are asked to run for longer
 * say so.
 */
const PATIENCE_MS = Number(process.env.WATCHDOG_MS ?? 300_000);

/** Runs beside, as plain JavaScript: a worker begins without the runner's loaders. */
const LOOK = `
const { writeSync } = require("node:fs");
const { workerData: { nowPlaying, patience } } = require("node:worker_threads");
const words = new Int32Array(nowPlaying, 0, 3);
let seen = -1;
let since = Date.now();
setInterval(() => {
  const [now, operation, length] = [0, 1, 2].map((word) => Atomics.load(words, word));
  if (now !== seen || length === 0) {
    seen = now;
    since = Date.now();
  } else if (Date.now() - since > patience) {
    const what = Buffer.from(new Uint8Array(nowPlaying, 12, length)).toString();
    const where = operation < 0 ? "" : ", at operation " + operation;
    writeSync(2, "\\nwatchdog: no end after " + Math.round(patience / 1000) + " s: " + what + where + "\\n");
    process.kill(process.pid, "SIGKILL");
  }
}, Math.min(1000, patience / 4));
`;

export function watch(): void {
  const workerData = { nowPlaying, patience: PATIENCE_MS };
  new Worker(LOOK, { eval: true, execArgv: [], workerData }).unref();
  beforeEach(() => {
    const { currentTestName, testPath } = expect.getState();
    beginTest(`${testPath?.replace(/^.*\/test\//, "test/")}, ${currentTestName}`);
  });
  afterEach(() => beginTest(""));
}
