/**
 * Threads that run the scripts of a workload together, again and again, started and timed from
 * here.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type OpenContender, UnfitError } from "../contender.ts";
import { sampleRuns } from "../sample-runs.ts";
import { type Answer, Command, Control, type HeapSource, type Seat } from "./member.ts";
import type { ThreadedWorkload } from "./threaded-workload.ts";

/** A run takes milliseconds; beyond this its threads wait for each other for ever. */
const PATIENCE_MS = 60_000;

/** Some 50 µs, where every thread has a core; where not, who looks keeps another from working. */
const looksFor = (threads: number): number => (threads <= availableParallelism() ? 5000 : 0);

export async function openTeam(workload: ThreadedWorkload, source: HeapSource): Promise<OpenContender> {
  const control = shared(Int32Array, Control.length);
  const calls = new Float64Array(new SharedArrayBuffer(workload.threads * 8));
  const over = shared(Int32Array, 1);
  const mail = {
    flags: shared(Int32Array, workload.flags),
    cells: shared(Uint32Array, workload.cells),
    over,
  };
  const looks = looksFor(workload.scripts.length);
  const workers: Worker[] = [];
  const close = (): void => {
    for (const worker of workers) worker.terminate();
  };
  const ready: Promise<void>[] = [];
  let failed: Promise<never> = new Promise(() => {});
  for (const [thread, script] of workload.scripts.entries()) {
    const seat: Seat = { name: workload.name, source, thread, script, mail, control, calls, looks };
    const worker = new Worker(process.argv[1] as string, { workerData: seat });
    workers.push(worker);
    const failure = new Promise<never>((_, reject) => {
      worker.on("error", reject);
      worker.on("message", (answer: Answer) => {
        if (answer !== "ready") reject(new UnfitError(answer.unfit));
      });
    });
    failure.catch(() => {});
    failed = Promise.race([failed, failure]);
    ready.push(new Promise((resolve) => worker.once("message", () => resolve())));
  }
  failed.catch(() => {});

  const start = (command: number, isOver: number): void => {
    Atomics.store(over, 0, isOver);
    Atomics.store(control, Control.done, 0);
    Atomics.store(control, Control.command, command);
    Atomics.add(control, Control.turn, 1);
    Atomics.notify(control, Control.turn);
  };
  const finish = (): void => {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const done = Atomics.load(control, Control.done);
      if (done === workers.length) return;
      if (Atomics.load(control, Control.failed) !== 0) throw new MemberFailed();
      if (performance.now() > deadline)
        throw new Error(`the threads of ${workload.name} came to a standstill`);
      // A failure may come between the look and the wait: hence the limit.
      Atomics.wait(control, Control.done, done, 100);
    }
  };
  /** All members together, once. It blocks, so benny times it like any other function. */
  const once = (command: number): void => {
    start(command, 1);
    finish();
  };
  /** All members for so long; answers the seconds that the calls of one run took at this speed. */
  const byTheClock = (seconds: number): number => {
    const begin = performance.now();
    start(Command.run, 0);
    // A member that fails ends the wait.
    Atomics.wait(control, Control.done, 0, seconds * 1000);
    Atomics.store(over, 0, 1);
    const elapsed = (performance.now() - begin) / 1000;
    finish();
    const made = calls.reduce((sum, each) => sum + each, 0);
    // Threads that got no processor in so short a time are given a longer one.
    return made > 0 ? (elapsed * workload.operations) / made : byTheClock(2 * elapsed);
  };

  try {
    await Promise.race([Promise.all(ready), failed]);
    once(Command.verify);
    once(Command.count);
  } catch (error) {
    const reason = await reasonOf(error, failed);
    close();
    throw reason;
  }
  return {
    async sample(options) {
      try {
        if (workload.byTheClock)
          return Array.from({ length: options.samples }, () => byTheClock(options.seconds));
        return await sampleRuns(() => once(Command.run), options);
      } catch (error) {
        throw await reasonOf(error, failed);
      }
    },
    close,
  };
}

/** A member has failed; what happened it says in a message. */
class MemberFailed extends Error {}

async function reasonOf(error: unknown, failed: Promise<never>): Promise<unknown> {
  return error instanceof MemberFailed ? await failed.catch((reason: unknown) => reason) : error;
}

function shared<Words>(words: new (buffer: SharedArrayBuffer) => Words, length: number): Words {
  return new words(new SharedArrayBuffer(length * 4));
}
