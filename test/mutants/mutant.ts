/** A semantic mutant: an ordinary mistake at one place of the kernel's or the host's text. */
import type { Mutant } from "../../generator/check/mutants/mutant.ts";

export interface SemanticMutant extends Mutant {
  /** What is replaced; `insertion`: statements that come before what stands at the place. */
  readonly form: "expression" | "statement" | "insertion";
}

/** Its name for people and for files: lines move, so the text says where it is. */
export function titleOf({ kind, file, inside, from, to }: SemanticMutant): string {
  const line = (text: string) => text.replace(/\s+/g, " ").trim();
  return `${file}, ${inside}: ${kind}: ${line(from)} → ${line(to)}`;
}

/** The titles of all, each of its own: of several places of one text the second is `… #2`. */
export function titlesOf(mutants: readonly SemanticMutant[]): string[] {
  const times = new Map<string, number>();
  return mutants.map((mutant) => {
    const title = titleOf(mutant);
    const time = (times.get(title) ?? 0) + 1;
    times.set(title, time);
    return time === 1 ? title : `${title} #${time}`;
  });
}
