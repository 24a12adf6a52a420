/**
 * W1, larson: a server whose threads hand their blocks on (P. Larson and M. Krishnan, "Memory
 * allocation for long-running server applications", 1998; parameters as in mimalloc-bench).
 *
 * Each thread has an array of blocks and replaces random ones, as many per round as it has blocks.
 * After so many rounds its successor goes on with the array, so blocks are freed by other threads
 * than allocated them. The original starts a new thread for that, which goes on at once, whatever
 * the others do, and the clock ends it all. Here the threads stay the same; lest they wait for each
 * other, half of the blocks lie in boxes while the other half is replaced. Who has ended his rounds
 * leaves his blocks in the next box and goes on with those that lay there. The clock ends a run
 * here too; the harness says when, not the command.
 */
import { UserError } from "../../../spec/user-error.ts";
import type { Parcel, ScriptWriter } from "../../threads/script.ts";
import type { Description } from "../../threads/threaded-workload.ts";
import { xorshift32 } from "../random.ts";

export interface Larson {
  readonly min: number;
  readonly max: number;
  readonly blocks: number;
  readonly rounds: number;
  readonly seed: number;
}

/** The historical commands, by the names of their profiles. */
export const LARSON_PROFILES: Readonly<Record<string, string>> = {
  tput: "2 8 128 1024 1 12345 4",
  repro: "1 5 1 1000 100 10000 42",
  guard: "5 8 1000 5000 100 4141 N",
};

const FIELDS = ["SECONDS", "MIN", "MAX", "BLOCKS", "ROUNDS", "SEED", "THREADS"];

/**
 * Reads a command of seven numbers; the last may be `N`: as many threads as are asked for
 * elsewhere.
 */
export function larsonCommand(command: string): Larson & { readonly threads?: number } {
  const fields = command.trim().split(/\s+/);
  const isSound =
    fields.length === FIELDS.length &&
    fields.every((field, index) => /^[1-9]\d{0,8}$/.test(field) || (field === "N" && index === 6));
  if (!isSound) {
    throw new UserError(
      `larson "${command.trim()}": give ${FIELDS.join(" ")}, whole numbers from 1 on, or N threads`,
    );
  }
  const [, min, max, blocks, rounds, seed, threads] = fields.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { min, max, blocks, rounds, seed, ...(!Number.isNaN(threads) && { threads }) };
}

/**
 * At least so many different ones before they come again: else branch predictors learn them by
 * heart.
 */
const REPLACEMENTS = 1 << 19;

export function larson(id: string, { min, max, blocks, rounds, seed }: Larson): Description {
  const half = Math.ceil(blocks / 2);
  const perTurn = rounds * half;
  // The historical commands have one with the larger size first; C's % makes of it what this makes
  // of it.
  const range = Math.max(1, Math.abs(max - min));
  return {
    id,
    name: `larson, ${2 * half} blocks of ${min} … ${min + range - 1} B, handed on after ${perTurn}`,
    doc: "random blocks of an array are replaced; then another thread goes on with the array",
    write(threads) {
      const array = Array.from({ length: half }, (_, slot) => slot);
      const turns = threads.length * Math.ceil(REPLACEMENTS / (perTurn * threads.length));
      const [first, ...others] = threads as [ScriptWriter, ...ScriptWriter[]];
      const boxes = threads.map(() => first.reserve(1));
      const largest = min + range - 1;

      for (const box of boxes) {
        first.base(first.reserve(half));
        // Of the largest size, since blocks of others will lie there, and the peak shall not be
        // exceeded.
        for (const slot of array) first.malloc(slot, largest);
        first.put(array);
        first.swap(box);
      }
      const filled = others.map(() => first.give([]));
      const ended = threads.map((thread, index) => {
        const random = xorshift32(seed + index * 7919);
        thread.base(thread.reserve(half));
        for (const slot of array) thread.malloc(slot, min + (random() % range));
        if (index > 0) thread.take(filled[index - 1] as Parcel, []);
        const beginning = thread.mark();
        for (let turn = 0; turn < turns; turn++) {
          for (let replacement = 0; replacement < perTurn; replacement++) {
            thread.replace(random() % half, min + (random() % range));
          }
          thread.put(array);
          thread.swap(boxes[(index + turn) % boxes.length] as number);
          thread.fetch(array, largest);
        }
        thread.again(beginning);
        for (const slot of array) thread.free(slot);
        return thread.give([]);
      });
      for (const parcel of ended) first.take(parcel, []);
      for (const box of boxes) {
        first.swap(box);
        first.fetch(array, largest);
        for (const slot of array) first.free(slot);
      }
    },
  };
}
