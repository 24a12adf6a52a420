/**
 * Differential: the same operations on a variant, on the flagged build that is given the variant's
 * spec, and in a book beside the heap. Addresses are each build's own affair; usable sizes and
 * payloads are not.
 */
import { readdirSync } from "node:fs";
import { readTrace } from "../../bench/trace.ts";
import { Ledger } from "./ledger.ts";
import { type Operation, play, randomScript, scriptOf } from "./script.ts";
import { mayHaveTwin, twinOf, type Variant } from "./variants.ts";

const MiB = 1 << 20;

const traces = new URL("../../bench/traces/", import.meta.url);
const recorded = readdirSync(traces).map((file): [name: string, script: Operation[]] => {
  const trace = readTrace(new URL(file, traces).pathname);
  return [trace.name, scriptOf(trace, 4000)];
});
const random: [name: string, script: Operation[]][] = [
  ["small sizes", randomScript(1, 4000, 600, 2048)],
  ["all sizes", randomScript(2, 2000, 40, 2 * MiB)],
  ["page runs", randomScript(3, 1500, 16, 6 * MiB)],
];
export const scripts = [...recorded, ...random];

/**
 * What a variant answers to a script, and what it should: its twin's answers, where it can have
 * one.
 */
export async function answers(
  variant: Variant,
  script: readonly Operation[],
): Promise<{ found: number[]; expected: number[] }> {
  const found = await replay(variant, script);
  return { found, expected: mayHaveTwin(variant) ? await replay(twinOf(variant), script) : found };
}

/** What any build of a spec answers to a script. */
async function replay(variant: Variant, script: readonly Operation[]): Promise<number[]> {
  const heap = await variant.createHeap();
  const ledger = new Ledger(heap, variant.alignment);
  const answers = play(ledger, script, 1000);
  ledger.audit();
  ledger.freeAll();
  heap.detach();
  ledger.audit();
  let hasLeft = false;
  return answers.map((usable, index) => {
    const operation = script[index];
    if (operation.call === "detach") hasLeft = variant.resolved.kernel.manyThreads;
    // How much longer than asked for a page block becomes depends on whether it could grow in
    // place: on addresses.
    const resized = operation.call === "realloc" && usable > variant.resolved.kernel.maxClassBytes;
    // A thread that has left gets no new block: there it depends on addresses whether it becomes
    // longer at all.
    if (resized && hasLeft) return variant.resolved.kernel.maxClassBytes;
    return resized ? Math.min(usable, operation.size) : usable;
  });
}
