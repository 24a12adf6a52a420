/** Specialise: folds, selects, tidies, inlines and splices until nothing changes any more. */
import type { Choices } from "./evaluate.ts";
import { fold } from "./fold.ts";
import { inline } from "./inline.ts";
import type { Program } from "./program.ts";
import { type Roots, select } from "./select.ts";
import { splice } from "./splice.ts";
import { tidy } from "./tidy.ts";

export function specialise(program: Program, choices: Choices, roots: Roots): Program {
  let current = program;
  for (;;) {
    const selected = select(fold(current, choices), roots);
    const next = splice(inline(tidy(selected, roots.names)));
    if (textOf(next) === textOf(current)) return next;
    current = next;
  }
}

function textOf(program: Program): string {
  return program.modules.map((module) => module.text).join("\0");
}
