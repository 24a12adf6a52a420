/**
 * Where a long run stands, and how long it may take yet, on standard error: a bar on a terminal,
 * else a line for each step.
 */
import cliProgress from "cli-progress";

export interface Progress {
  start(task: string, steps: number): void;
  /** A step begins. */
  step(name: string): void;
  stop(): void;
}

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(stream) : lines(stream);
}

function bar(stream: NodeJS.WriteStream): Progress {
  const bar = new cliProgress.SingleBar(
    { format: "{task} {bar} {value}/{total} {left}{step}", stream, clearOnComplete: true, hideCursor: true },
    cliProgress.Presets.shades_classic,
  );
  let begun = 0;
  let timeLeft: TimeLeft;
  const stop = () => bar.stop();
  return {
    start(task, steps) {
      begun = 0;
      timeLeft = estimate(steps);
      // Whatever ends the process leaves the terminal its cursor.
      process.once("exit", stop);
      bar.start(steps, 0, { task, step: "", left: "" });
    },
    step(name) {
      const left = timeLeft(begun);
      bar.update(begun++, { step: name, left: left && `${left}: ` });
    },
    stop() {
      process.off("exit", stop);
      stop();
    },
  };
}

function lines(stream: NodeJS.WriteStream): Progress {
  let task = "";
  let steps = 0;
  let begun = 0;
  let timeLeft: TimeLeft;
  return {
    start(name, count) {
      task = name;
      steps = count;
      begun = 0;
      timeLeft = estimate(count);
    },
    step(name) {
      const left = timeLeft(begun);
      stream.write(`${task} ${++begun}/${steps}${left && `, ${left}`}: ${name}\n`);
    },
    stop() {},
  };
}

type TimeLeft = (done: number) => string;

/** A run must have lasted so long before it is asked how long it will. */
const SOONEST_MS = 5000;

/** As if what is left went as fast as what is done. */
export function estimate(steps: number, now = () => performance.now()): TimeLeft {
  const start = now();
  return (done) => {
    const elapsed = now() - start;
    return elapsed < SOONEST_MS || done === 0 ? "" : `${duration((elapsed / done) * (steps - done))} left`;
  };
}

/** Rounded up to what a person wants to know. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
