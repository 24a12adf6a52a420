/** Where a long run stands, on standard error: a bar on a terminal, else a line for each step. */
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
    { format: "{task} {bar} {value}/{total} {step}", stream, clearOnComplete: true, hideCursor: true },
    cliProgress.Presets.shades_classic,
  );
  let begun = 0;
  return {
    start(task, steps) {
      begun = 0;
      bar.start(steps, 0, { task, step: "" });
    },
    step(name) {
      bar.update(begun++, { step: name });
    },
    stop: () => bar.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): Progress {
  let task = "";
  let steps = 0;
  let begun = 0;
  return {
    start(name, count) {
      task = name;
      steps = count;
      begun = 0;
    },
    step(name) {
      stream.write(`${task} ${++begun}/${steps}: ${name}\n`);
    },
    stop() {},
  };
}
