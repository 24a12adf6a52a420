/** Checked build: a spec's kernel, specialised and lowered for simulated threads, ready to run. */
import { transformSync } from "esbuild";
import { ts } from "ts-morph";
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import { readKernel } from "../kernel-source.ts";
import { lowerChecked } from "../stages/lower-checked.ts";
import { declarationsOf, isConst, type Program } from "../stages/program.ts";
import { specialise } from "../stages/specialise.ts";
import { withGrowingMemory } from "./growing-memory.ts";
import type { Body } from "./machine.ts";
import type { Port } from "./port.ts";
import { numberSites, type Site } from "./sites.ts";
import type { SlabLayout } from "./slab-watch.ts";

/** The kernel as one simulated thread runs it: its registers are its own. */
export interface CheckedThread {
  /** Registers hold what they do when a thread begins. */
  reset(): void;
  /** The roots. All are generators, those too that never wait. */
  readonly call: Readonly<Record<string, (...args: readonly (number | boolean)[]) => Body>>;
}

export interface CheckedBuild {
  readonly sites: readonly Site[];
  /**
   * A thread of a heap in so many bytes; in a memory that grows, a word holds how many there are.
   */
  open(port: Port, bytes: number, lengthWord?: number): CheckedThread;
  /** Where slabs lie in a heap of so many bytes. */
  layout(bytes: number): SlabLayout;
  /** What runs, for whoever wants to read it. */
  readonly text: string;
}

type CreateThread = (
  memory: Port | undefined,
  options: { maxBytes: number; lengthWord?: number },
) => CheckedThread & { firstPage: number; slabOrigin: number };

/** Builds of each kernel, by spec and roots: scenarios share them. */
const builds = new WeakMap<Program, Map<string, CheckedBuild>>();

/**
 * `roots` are the kernel functions that a scenario calls. The kernel is this package's own unless a
 * test brings another.
 */
export function buildChecked(
  spec: KernelSpec,
  roots: readonly string[],
  kernel: Program = readKernel(),
): CheckedBuild {
  const known = builds.get(kernel) ?? new Map<string, CheckedBuild>();
  builds.set(kernel, known);
  const key = JSON.stringify([spec, roots]);
  const build = known.get(key) ?? make(spec, roots, kernel);
  known.set(key, build);
  return build;
}

function make(spec: KernelSpec, roots: readonly string[], kernel: Program): CheckedBuild {
  const { program, sites } = numberSites(
    spec.memory.kind === "growable" ? withGrowingMemory(kernel) : kernel,
  );
  const names = [...roots, "firstPage", "slabOrigin"];
  const special = specialise(program, { spec, allFields: false }, { names, implied: {} });
  const { program: lowered, generators } = lowerChecked(special);
  const body = lowered.modules.map(({ path, text }) => `// ${path}\n${text.trim()}\n`).join("\n");
  const calls = roots.map((name) =>
    generators.has(name) ? name : `${name}: function* (...given) { return ${name}(...given); }`,
  );
  const text = [
    '"use strict";',
    "return function createThread(memory, options) {",
    withoutTypes(body.replace(/^export /gm, "")),
    `function reset() {\n${resets(lowered)}}`,
    `return { reset, firstPage, slabOrigin, call: { ${calls.join(", ")} } };`,
    "};",
  ].join("\n");
  const createThread = new Function(text)() as CreateThread;
  return {
    sites,
    text,
    open: (port, maxBytes, lengthWord) => createThread(port, { maxBytes, lengthWord }),
    layout(maxBytes) {
      const { firstPage, slabOrigin } = createThread(undefined, { maxBytes });
      const { words, fields } = special.records.get("Slab")!;
      const { pageShift } = spec;
      // One thread's slabs have neither.
      const offsetOf = (field: string) => fields.get(field)?.offset ?? 0;
      return {
        firstPage,
        pageShift,
        origin: slabOrigin,
        recordWords: words,
        owner: offsetOf("owner"),
        generation: offsetOf("generation"),
      };
    },
  };
}

/**
 * Statements that give every register the value it begins with, and empty the thread's own tables.
 */
function resets(program: Program): string {
  const registers: string[] = [];
  for (const { name, variable } of declarationsOf(program).values.values()) {
    const { initializer } = variable ?? {};
    if (variable !== undefined && !isConst(variable)) {
      registers.push(`${name} = ${initializer?.getText() ?? "undefined"};`);
    } else if (initializer && ts.isNewExpression(initializer)) {
      registers.push(`${name}.fill(0);`);
    }
  }
  return withoutTypes(registers.join("\n"));
}

function withoutTypes(text: string): string {
  return transformSync(text, { loader: "ts", target: "es2022" }).code;
}
