/**
 * Mutant: the kernel with one thing broken. A checker that does not notice is not looking there.
 */
import type { Module, Program } from "../../stages/program.ts";

export interface Mutant {
  /** The known failure it puts back (B1 … B10), or what was done to the kernel. */
  readonly kind: string;
  readonly file: string;
  /**
   * The function, and the text in it that becomes another one. Together they are the mutant's name:
   * lines move.
   */
  readonly inside: string;
  readonly from: string;
  readonly to: string;
  /** Where `from` begins. */
  readonly at: number;
  /** Declarations that `to` needs, for the end of the module. */
  readonly needs?: string;
}

export function nameOf({ kind, file, inside, from }: Mutant): string {
  return `${kind}: ${file.replace(/^kernel\//, "")}, ${inside}: ${from.replace(/\s+/g, " ")}`;
}

export function mutate(kernel: Program, { file, at, from, to, needs = "" }: Mutant): Program {
  const change = ({ text }: Module) => `${text.slice(0, at)}${to}${text.slice(at + from.length)}${needs}`;
  return {
    ...kernel,
    modules: kernel.modules.map((module) =>
      module.path === file ? { ...module, text: change(module) } : module,
    ),
  };
}
