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
    ["fold", (input) => fold(input, choices, roots.names)],
    ["select", (input) => select(input, roots)],
    ["tidy", (input) => tidy(input, roots.names)],
    ["inline", inlineAll],
    ["splice", splice],
  ];
  let current = program;
  // A stage that has nothing to do hands on the program itself.
  for (let idle = 0, next = 0; idle < stages.length; next = (next + 1) % stages.length) {
    const [name, stage] = stages[next]!;
    const before = current;
    current = stage(before);
    observe(name, current);
    idle = current === before ? idle + 1 : 0;
  }
  return current;
}

/**
 * What was inlined may call what is to be inlined. To go on at once is cheaper than to fold
 * everything in between.
 */
function inlineAll(program: Program): Program {
  const inlined = inline(program);
  return inlined === program ? program : inlineAll(inlined);
}
