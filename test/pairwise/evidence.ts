/**
 * Every row of every covering array, tried; prints the variants that failed and the pairs covered.
 * Names of presets and numbers of rows choose: `npm run evidence:pairwise -- shared 7`.
 */
import { createProgress } from "../../bench/progress.ts";
import { bases, SEED } from "./bases.ts";
import { coveringOf, describeRow } from "./covering.ts";
import { tryAll } from "./crew.ts";

const words = process.argv.slice(2);
const named = bases.filter(({ name }) => words.includes(name));
const numbers = words.map(Number).filter(Number.isInteger);

const progress = createProgress();
let failures = 0;
for (const base of named.length > 0 ? named : bases) {
  const { rows, pairs, repaired, impossible } = coveringOf(base, SEED);
  const chosen = rows
    .map((row, number) => ({ preset: base.name, number, row }))
    .filter(({ number }) => numbers.length === 0 || numbers.includes(number));
  let failed = 0;
  progress.start(base.name, chosen.length);
  await tryAll(
    chosen,
    ({ number, row }) => progress.step(`${number} (${describeRow(row)})`),
    ({ number, row }, failure) => {
      if (failure === undefined) return;
      failed++;
      console.log(`${base.name} ${number} (${describeRow(row)}) fails: ${failure}`);
    },
  );
  progress.stop();
  failures += failed;
  console.log(
    `${base.name}: ${chosen.length} of ${rows.length} variants tried (${repaired} repaired), ${failed} failed; ` +
      `${pairs} pairs of levels covered, ${impossible.length} levels and pairs impossible`,
  );
}
process.exitCode = failures > 0 ? 1 : 0;
