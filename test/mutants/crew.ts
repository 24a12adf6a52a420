/**
 * Crew: a process for each core, with a watchdog: one that comes to no end is killed, and replaced.
 */
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Answer, Build, Given } from "./messages.ts";

const MEMBER = fileURLToPath(new URL("./member.ts", import.meta.url));

/** How long the step that begins may take; of none that is known, so long. */
const PATIENCE_MS = 120_000;

/**
 * Whoever waits for another thread spends no processor time: after so many times as long it is over
 * all the same.
 */
const MOST_TURNS = 6;
/** Of the times in Linux's statistics of a process. */
const TICK_MS = 10;

/** Processor time that a process has had, where the system tells. */
function processorMs(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** A step came to no end, or its process to an early one. */
export interface Halt {
  readonly kind: "halted";
  /** What was being run. */
  readonly what: string;
  readonly reason: string;
}

export class CrewMember {
  #process: ChildProcess | undefined;

  constructor(
    private readonly builds: readonly Build[],
    private readonly mutants: number,
  ) {}

  /** What the member answers. `patience` is how long each thing it begins may take. */
  async ask(given: Given, patience: (test: number | undefined) => number): Promise<Answer | Halt> {
    if (this.#process === undefined) {
      const begun = await this.#exchange(
        { kind: "begin", builds: this.builds, mutants: this.mutants },
        () => PATIENCE_MS,
      );
      if (begun.kind === "halted") throw new Error(`a member of the crew cannot begin: ${begun.reason}`);
      if (given.kind === "begin") return begun;
    }
    return this.#exchange(given, patience);
  }

  dismiss(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  #exchange(given: Given, patience: (test: number | undefined) => number): Promise<Answer | Halt> {
    this.#process ??= fork(MEMBER, {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, STRESS_OPERATIONS: "60000", STRESS_KILLS: "3" },
    });
    const member = this.#process;
    return new Promise((resolve) => {
      let what = given.kind === "cover" ? `test ${given.test}` : "the beginning";
      let timer: NodeJS.Timeout;
      const settle = (answer: Answer | Halt): void => {
        clearTimeout(timer);
        member.removeAllListeners();
        if (answer.kind === "halted") this.dismiss();
        resolve(answer);
      };
      const watch = (limit: number): void => {
        clearTimeout(timer);
        const begun = processorMs(member.pid);
        let turns = 0;
        const look = (): void => {
          // On a busy machine a process may get little done in that time: what counts is what it
          // was given.
          const spent = (processorMs(member.pid) ?? limit) - (begun ?? 0);
          if (spent < limit && ++turns < MOST_TURNS) timer = setTimeout(look, limit);
          else settle({ kind: "halted", what, reason: `no end after ${Math.round(limit / 1000)} s` });
        };
        timer = setTimeout(look, limit);
      };
      member.on("message", (answer: Answer) => {
        if (answer.kind !== "begun") {
          settle(answer);
          return;
        }
        what = answer.what;
        watch(patience(answer.test));
      });
      member.once("exit", (code, signal) => {
        settle({ kind: "halted", what, reason: `the process ended with ${signal ?? `code ${code}`}` });
      });
      watch(given.kind === "begin" ? PATIENCE_MS : patience(undefined));
      member.send(given);
    });
  }
}

export function crewSize(): number {
  return availableParallelism();
}
