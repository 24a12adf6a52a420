/** The sheet of misuses: what each preset notices of them, and when. It is a page of docs/. */
import { expect, test } from "vitest";
import type { Heap } from "../../templates/host/api.ts";
import { type Variant, variantOf } from "../support/variants.ts";
import { type Misuse, misuses } from "./misuses.ts";

type Verdict = "at once" | "late" | "answers 0" | "–";

const columns = ["single", "shared", "guarded-single", "guarded"] as const;

/**
 * At once: the call that is wrong throws. Late: a call after it does, at the latest `check()`.
 * Writes are no calls, so what a write damages can only be noticed late.
 */
async function verdictOn(variant: Variant, { run }: Misuse): Promise<Verdict> {
  const heap = await variant.createHeap({ maxBytes: 4 << 20 });
  const other = await variant.createHeap({ maxBytes: 4 << 20 });
  try {
    run(heap, other);
  } catch {
    return "at once";
  }
  try {
    goOn(heap);
    return "–";
  } catch {
    return "late";
  }
}

/** What a program would do next: a few calls, a look, the end. */
function goOn(heap: Heap): void {
  for (let i = 0; i < 3; i++) {
    const blocks = Array.from({ length: 40 }, (_, at) => heap.malloc(at * 16));
    for (const ptr of blocks) heap.free(ptr);
  }
  heap.check();
  heap.detach();
}

const isRequest = ({ name }: Misuse) => /size$|than the heap|calloc|alignment/.test(name);

test("every preset notices what docs/misuses.md says; `vitest -u` renews it", async () => {
  const rows: string[] = [];
  for (const misuse of misuses) {
    const verdicts: string[] = [];
    for (const name of columns) {
      const verdict = await verdictOn(variantOf(name), misuse);
      verdicts.push(verdict === "–" && isRequest(misuse) ? "answers 0" : verdict);
    }
    rows.push(`| ${misuse.name} | ${verdicts.join(" | ")} |`);
  }
  const missed = rows.filter((row) => row.endsWith("| – |"));
  expect(missed).toEqual([]);
  await expect(page(rows)).toMatchFileSnapshot("../../docs/misuses.md");
});

function page(rows: readonly string[]): string {
  return `# Misuses

This page says which mistakes of a program each build notices. A test makes each mistake in a new
heap, then allocates and frees a little more, calls \`check()\`, and detaches.

* **at once**: the call that is wrong throws a \`HeapCorruptionError\`, or a \`RangeError\` for a size.
* **late**: a later call throws, at the latest \`check()\`. A write is no call, so nothing can notice
  it at once.
* **answers 0**: the call returns 0 and changes nothing.
* **–**: nothing is noticed.

\`guarded-single\` is \`single\` with the guards \`listValidation\`, \`pushValidation\`, \`doubleFree\`,
\`poison\`, \`quarantine\`, \`redZone\` and \`arguments\`, and no headers. The list follows the programs of
hardened_malloc's tests, as far as they mean something in a linear memory. Reads of freed or foreign
memory are not in it: no build can notice a read.

| misuse | ${columns.join(" | ")} |
| --- | ${columns.map(() => "---").join(" | ")} |
${rows.join("\n")}
`;
}
