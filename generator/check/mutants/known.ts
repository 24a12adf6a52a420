/**
 * Known mutants: failures that allocators of this kind really had (B1 … B10), put back one by one,
 * and mistakes that this one had or was close to. Each names the scenario that is there to tell.
 */
import type { Program } from "../../stages/program.ts";
import { historical } from "./historical.ts";
import { mistakes } from "./mistakes.ts";
import type { Mutant } from "./mutant.ts";

export interface KnownMutant extends Mutant {
  readonly what: string;
  readonly scenario: string;
  readonly caught: RegExp;
}

export type Described = Omit<KnownMutant, "at">;

export function knownMutants(kernel: Program): KnownMutant[] {
  return [...historical, ...mistakes].map((mutant) => {
    const { text } = kernel.modules.find(({ path }) => path === mutant.file)!;
    const at = text.indexOf(mutant.from, text.indexOf(`function ${mutant.inside}(`));
    if (at < 0)
      throw new Error(`${mutant.file} says no more "${mutant.from}": put ${mutant.kind} back otherwise`);
    return { ...mutant, at };
  });
}
