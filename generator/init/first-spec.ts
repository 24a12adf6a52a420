/** First spec: what a few answers come to, as a file with a reason beside each choice. */
import { resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";

export const GOALS = ["speed", "footprint", "size"] as const;
export type Goal = (typeof GOALS)[number];

export interface Answers {
  readonly name: string;
  readonly threads: number;
  /** As it is to be written, `64 MiB`. */
  readonly memory: string;
  /** Typical sizes of blocks in bytes; none: anything may come. */
  readonly sizes: readonly number[];
  readonly goal: Goal;
}

interface Choice {
  readonly key: string;
  readonly value: unknown;
  readonly reason: string;
}

export const FORMATS = ["ts", "jsonc"] as const;
export type Format = (typeof FORMATS)[number];

/**
 * The text of a spec file. Throws what is wrong with the spec, should the answers not fit together.
 */
export function firstSpec(answers: Answers, format: Format, schema: string): string {
  const choices = choicesFor(answers);
  resolveSpec(Object.fromEntries(choices.map(({ key, value }) => [key, value])) as Spec, answers.name);
  const lines = choices.map(({ key, value, reason }) => ({
    reason: `  // ${reason}`,
    line: (quote: boolean) => `  ${quote ? `"${key}"` : key}: ${written(value, quote)},`,
  }));
  const body = (quote: boolean) => lines.flatMap(({ reason, line }) => [reason, line(quote)]).join("\n");
  if (format === "jsonc") return `{\n  "$schema": ${JSON.stringify(schema)},\n\n${body(true)}\n}\n`;
  return `import { defineSpec } from "slabsmith";\n\nexport default defineSpec({\n${body(false)}\n});\n`;
}

/** JSON; of a module's text keys without quotes, as people write them. */
function written(value: unknown, quote: boolean): string {
  const json = JSON.stringify(value, null, 1)
    .replace(/\s*\n\s*/g, " ")
    .replace(/\[ | \]/g, (bracket) => bracket.trim());
  return quote ? json : json.replace(/"(\w+)":/g, "$1:");
}

function choicesFor({ threads, memory, sizes, goal }: Answers): Choice[] {
  const choices: Choice[] =
    threads === 1
      ? [oneThread(goal)]
      : [
          { key: "extends", value: "shared", reason: "many workers over one SharedArrayBuffer" },
          { key: "threads", value: threads, reason: "attached at once at most" },
        ];
  choices.push({ key: "memory", value: { maxBytes: memory }, reason: "address space that is reserved" });
  if (sizes.length > 0) {
    choices.push({
      key: "sizeClasses",
      value: classesFor(sizes),
      reason: `a class for each size that is typical (${sizes.join(", ")}), powers of two for the others`,
    });
  } else if (goal === "footprint") {
    const reason = "16 classes between powers of two: at most 1/17 of a block is wasted";
    choices.push({ key: "sizeClasses", value: { last: "16 KiB", stepsPerDoubling: 16 }, reason });
  }
  if (goal === "footprint") {
    choices.push({ key: "lru", value: { entries: 1 }, reason: "of the empty SuperSlabs one is kept" });
  }
  if (goal === "size" && threads > 1) {
    const reason = "no check() and blocks(), which are most of what a program can do without";
    choices.push({ key: "observe", value: { heapWalk: false, osStatistics: false }, reason });
  }
  return choices;
}

function oneThread(goal: Goal): Choice {
  const key = "extends";
  if (goal === "size") return { key, value: "tiny", reason: "one thread, the least code" };
  return { key, value: "single", reason: "one thread, fastest: no Atomics anywhere" };
}

const ALIGNMENT = 16;
const LARGEST_CLASS = 16 << 10;

function classesFor(sizes: readonly number[]): number[] {
  const classes = new Set<number>();
  for (let size = ALIGNMENT; size <= LARGEST_CLASS; size *= 2) classes.add(size);
  for (const size of sizes) {
    if (size <= LARGEST_CLASS) classes.add(Math.ceil(size / ALIGNMENT) * ALIGNMENT);
  }
  return [...classes].sort((a, b) => a - b);
}
