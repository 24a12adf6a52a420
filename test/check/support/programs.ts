/** Small programs over a few words, written as lists of accesses, and the trials that run them. */
import type { Access } from "../../../generator/check/access.ts";
import { Machine } from "../../../generator/check/machine.ts";
import type { Port } from "../../../generator/check/port.ts";
import type { Trial } from "../../../generator/check/trial.ts";

export type Operation =
  | readonly ["load", word: number]
  | readonly ["store", word: number, value: number]
  | readonly ["add", word: number, value: number]
  | readonly ["exchange", word: number, value: number]
  | readonly ["cas", word: number, expected: number, value: number]
  /** A read that may see an old value. */
  | readonly ["racy", word: number]
  /** Plain accesses. */
  | readonly ["read", word: number]
  | readonly ["write", word: number, value: number]
  /** Loads until the word holds the value, pausing in between. */
  | readonly ["await", word: number, value: number]
  /** Goes on only if what was read last is the value. */
  | readonly ["if", value: number];

export type Thread = readonly Operation[];

/** A trial of a program that notes every final state: what each thread read, and the words. */
export function trialOf(threads: readonly Thread[], oldValues = 0): Trial & { states: Set<string> } {
  const words = 8;
  const machine = new Machine(threads.length, words, (thread, site) => `thread ${thread}, operation ${site}`);
  machine.oldValues = oldValues;
  const states = new Set<string>();
  let seen: number[][] = [];
  return {
    machine,
    states,
    start() {
      machine.clear();
      seen = threads.map(() => []);
      machine.start(threads.map((thread, t) => ({ run: () => run(machine.ports[t], thread, seen[t]) })));
    },
    finish() {
      machine.finish();
      states.add(JSON.stringify([...seen, [...machine.memory.words]]));
    },
  };
}

function* run(port: Port, thread: Thread, seen: number[]): Generator<Access, void, number> {
  for (const [site, operation] of thread.entries()) {
    const [kind, word] = operation;
    switch (kind) {
      case "load":
        seen.push(yield port.atomicLoad(word, site));
        break;
      case "store":
        yield port.atomicStore(word, operation[2], site);
        break;
      case "add":
        seen.push(yield port.atomicAdd(word, operation[2], site));
        break;
      case "exchange":
        seen.push(yield port.atomicExchange(word, operation[2], site));
        break;
      case "cas":
        seen.push(yield port.atomicCas(word, operation[2], operation[3], site));
        break;
      case "racy":
        seen.push(yield port.loadRacy32(word, site));
        break;
      case "read":
        seen.push(port.load32(word, site));
        break;
      case "write":
        port.store32(word, operation[2], site);
        break;
      case "await":
        while ((yield port.atomicLoad(word, site)) !== operation[2]) port.pause();
        break;
      case "if":
        if (seen.at(-1) !== operation[1]) return;
    }
  }
}

/** A random program; small enough for the naive search. */
export function randomProgram(random: () => number): Thread[] {
  const below = (limit: number) => Math.floor(random() * limit);
  const words = 1 + below(3);
  const threads = 2 + below(2);
  const length = threads === 2 ? 4 : 3;
  const operation = (): Operation => {
    const word = below(words);
    const value = 1 + below(2);
    switch (below(8)) {
      case 0:
        return ["store", word, value];
      case 1:
        return ["add", word, value];
      case 2:
        return ["exchange", word, value];
      case 3:
        return ["racy", word];
      case 4:
      case 5:
        return ["cas", word, below(2), value];
      default:
        return ["load", word];
    }
  };
  return Array.from({ length: threads }, () =>
    Array.from(
      { length: 2 + below(length - 1) },
      (_, i): Operation => (i > 0 && below(8) === 0 ? ["if", below(2)] : operation()),
    ),
  );
}
