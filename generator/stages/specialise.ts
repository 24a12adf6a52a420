/** Specialise: folds, selects, tidies, inlines and splices until nothing changes any more. */
import type { Choices } from "./evaluate.ts";
import { fold } from "./fold.ts";
import { inline } from "./inline.ts";
import type { Program } from "./program.ts";
import { type Roots, select } from "./select.ts";
import { splice } from "./splice.ts";
import { tidy } from "./tidy.ts";

/** Told what each stage hands on. */
export type Observe = (stage: string, program: Program) => void;

export function specialise(
  program: Program,
  choices: Choices,
  roots: Roots,
  observe: Observe = () => {},
): Program {
  const stages: readonly (readonly [string, (input: Program) => Program])[] = [
    ["fold", (input) => fold(input, choices)],
    ["select", (input) => select(input, roots)],
    ["tidy", (input) => tidy(input, roots.names)],
    ["inline", inline],
    ["splice", splice],
  ];
  let current = program;
  for (;;) {
    const before = current;
    for (const [name, stage] of stages) {
      current = stage(current);
      observe(name, current);
    }
    if (isSame(current, before)) return current;
  }
}

/** Modules that a stage leaves alone stay the same object. */
function isSame(a: Program, b: Program): boolean {
  return (
    a.modules.length === b.modules.length && a.modules.every((module, index) => module === b.modules[index])
  );
}
