/**
 * Asleep: one kernel with all mutants in it. Each is a branch that `spec.mutants` takes; with none
 * chosen the kernel is what it was. So a mutant costs no build of its own, and which mutants a
 * script comes to is seen by running it once.
 *
 * The build is a flagged one: every variant's spec is given to it at run time. That mutated
 * specialised builds do what it does is what the differential suite shows of all builds.
 */
import { transformSync } from "esbuild";
import { LOCAL_NEEDS, lowerLocal, lowerShared } from "../../generator/stages/lower.ts";
import { place } from "../../generator/stages/place.ts";
import { type Module, mapModules, type Program } from "../../generator/stages/program.ts";
import { specialise } from "../../generator/stages/specialise.ts";
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import type { SemanticMutant } from "./mutant.ts";

/** A spec that wakes mutants: what it has at a mutant's number decides. */
export type WakingSpec = KernelSpec & { readonly mutants: ArrayLike<number> };

/** The text of an `index.js` for heaps of so many threads, with the mutants asleep in it. */
export function sleepingBuild(kernel: Program, mutants: readonly SemanticMutant[], spec: KernelSpec): string {
  const roots = ["createHeap", ...(spec.manyThreads ? ["attachHeap"] : []), "openHeap"];
  const { bounds, threads, manyThreads, anyNumbers, guards, observe } = spec;
  const choices = {
    spec: { bounds, threads, manyThreads, anyNumbers, guards, observe },
    allFields: true,
  };
  const special = specialise(withMutants(kernel, mutants), choices, { names: roots, implied: LOCAL_NEEDS });
  const placed = place(spec.manyThreads ? lowerShared(special) : lowerLocal(special), {
    form: "closure",
    create: "createHeap",
    exports: roots,
    extra: [{ name: "spec", type: "unknown", value: "undefined" }],
  });
  const text = `${placed.moduleLevel}\n${placed.heap}\nexport { HeapCorruptionError, HeapImageError };\n`;
  return transformSync(text.replace(/^export class (?=Heap\w+Error)/gm, "class "), {
    loader: "ts",
    target: "es2022",
  }).code;
}

/**
 * The program with every mutant in its place. Nothing is inlined: a mutant may not fit where its
 * function is.
 */
export function withMutants(kernel: Program, mutants: readonly SemanticMutant[]): Program {
  const numbered = mutants.map((mutant, number) => ({ mutant, number }));
  // The memory map begins with a state of ownership: that is a constant no more, so it must stand
  // before it.
  const isEarly = ({ path }: Module) => path === "kernel/ownership.ts";
  const modules = [...kernel.modules.filter(isEarly), ...kernel.modules.filter((module) => !isEarly(module))];
  return mapModules({ ...kernel, modules }, (module) => {
    const here = numbered.filter(({ mutant }) => mutant.file === module.path);
    return printed(module, here).replace(/@inline(-body)?\b/g, "");
  });
}

interface Numbered {
  readonly mutant: SemanticMutant;
  readonly number: number;
}

/** A place in a module's text, the mutants there, and the places inside it. */
interface Place {
  readonly at: number;
  readonly end: number;
  readonly mutants: Numbered[];
  readonly inner: Place[];
}

function printed({ text }: Module, mutants: readonly Numbered[]): string {
  const root: Place = { at: 0, end: text.length, mutants: [], inner: [] };
  const sorted = [...mutants].sort(
    ({ mutant: one }, { mutant: two }) => one.at - two.at || two.from.length - one.from.length,
  );
  for (const numbered of sorted) {
    const { at, from, form } = numbered.mutant;
    const end = at + from.length;
    let around = root;
    for (let last = root.inner.at(-1); last !== undefined && last.end >= end && last.at <= at; ) {
      if (end > at && last.end === at) break;
      around = last;
      last = last.inner.at(-1);
    }
    const isSame =
      around !== root &&
      around.at === at &&
      around.end === end &&
      (around.mutants[0] as Numbered).mutant.form === form;
    if (isSame) around.mutants.push(numbered);
    else around.inner.push({ at, end, mutants: [numbered], inner: [] });
  }
  return print(root);

  function print({ at, end, mutants, inner }: Place): string {
    let result = "";
    let position = at;
    for (const place of inner) {
      result += text.slice(position, place.at) + print(place);
      position = place.end;
    }
    result += text.slice(position, end);
    return mutants.reduceRight((rest, { mutant: { form, to }, number }) => {
      const isAwake = `spec.mutants[${number}] === 1`;
      if (form === "expression") return `(${isAwake} ? ${to} : ${rest})`;
      if (form === "insertion") return `if (${isAwake}) {${to}}${rest}`;
      return `{ if (${isAwake}) { ${to} } else { ${rest} } }`;
    }, result);
  }
}
