/**
 * W1, larson: a server whose threads hand their blocks on (P. Larson and M. Krishnan, "Memory allocation for
 * long-running server applications", 1998; parameters as in mimalloc-bench).
 *
 * Each thread has an array of blocks and replaces random ones, as many per round as it has blocks. After so many
 * rounds its successor goes on with the array, so blocks are freed by other threads than allocated them.
 * The original starts a new thread for that; here the next one of the team is the successor. And where the original
 * runs for so many seconds, here the harness says how long.
 */
import { UserError } from "../../../spec/user-error.ts";
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

/** Reads a command of seven numbers; the last may be `N`: as many threads as are asked for elsewhere. */
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

/** At least so many replacements a thread and run: else starting the threads would be measured. */
const REPLACEMENTS = 1 << 19;

export function larson(id: string, { min, max, blocks, rounds, seed }: Larson): Description {
  const perTurn = rounds * blocks;
  const turns = Math.ceil(REPLACEMENTS / perTurn);
  // The historical commands have one with the larger size first; C's % makes of it what this makes of it.
  const range = Math.max(1, Math.abs(max - min));
  return {
    id,
    name: `larson, ${blocks} blocks of ${min} … ${min + range - 1} B, handed on after ${perTurn}`,
    doc: "random blocks of an array are replaced; then the next thread goes on with the array",
    write(threads) {
      const randoms = threads.map((_, thread) => xorshift32(seed + thread * 7919));
      const array = Array.from({ length: blocks }, (_, slot) => slot);
      threads.forEach((thread, index) => {
        const random = randoms[index] as () => number;
        for (const slot of array) thread.malloc(slot, min + (random() % range));
      });
      for (let turn = 0; turn < turns; turn++) {
        const parcels = threads.map((thread, index) => {
          const random = randoms[index] as () => number;
          for (let replacement = 0; replacement < perTurn; replacement++) {
            const slot = random() % blocks;
            thread.free(slot);
            thread.malloc(slot, min + (random() % range));
            thread.touch(slot, 1);
          }
          return thread.give(array);
        });
        parcels.forEach((parcel, index) => {
          threads[(index + 1) % threads.length]?.take(parcel, array);
        });
      }
      for (const thread of threads) for (const slot of array) thread.free(slot);
    },
  };
}
