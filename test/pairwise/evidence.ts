/** Every row of every covering array, tried; prints the pairs covered and the variants that failed. */
import { createProgress } from "../../bench/progress.ts";
import { bases, SEED, variantOfRow } from "./bases.ts";
import { coveringOf, describeRow } from "./covering.ts";
import { tryVariant } from "./try-variant.ts";

const EFFORT = { operations: 200_000, workers: 2, kills: 5 };

const progress = createProgress();
const failures: string[] = [];
for (const base of bases) {
  const { rows, pairs, repaired, impossible } = coveringOf(base, SEED);
  progress.start(base.name, rows.length);
  let failed = 0;
  for (const row of rows) {
    progress.step(describeRow(row));
    try {
      await tryVariant(variantOfRow(base, row), EFFORT);
    } catch (error) {
      failed++;
      failures.push(`${base.name} with ${describeRow(row)}\n  ${(error as Error).message}`);
    }
  }
  progress.stop();
  console.log(
    `${base.name}: ${rows.length} variants (${repaired} repaired), ${pairs} pairs of levels covered, ` +
      `${impossible.length} levels and pairs impossible, ${failed} variants failed`,
  );
}
for (const failure of failures) console.log(`\n${failure}`);
// Threads at a standstill would keep the process alive.
process.exit(failures.length > 0 ? 1 : 0);
