/** What the run and its members tell each other. Plain data. */
import type { SemanticMutant } from "./mutant.ts";

export type Given =
  /** Texts of sleeping builds, by number of threads; how many mutants they hold. */
  | { readonly kind: "begin"; readonly builds: readonly Build[]; readonly mutants: number }
  /**
   * A test is run once with all mutants asleep: what it comes to, and whether it can be used at
   * all.
   */
  | { readonly kind: "cover"; readonly test: number }
  /** These tests, one after the other, until one fails. */
  | { readonly kind: "judge"; readonly mutant: number; readonly tests: readonly number[] }
  /** The scenarios of `slabsmith check`, until one fails. */
  | { readonly kind: "check"; readonly mutant: SemanticMutant };

export interface Build {
  readonly threads: number;
  readonly file: string;
}

export type Answer =
  | { readonly kind: "ready"; readonly tests: readonly string[] }
  | {
      readonly kind: "covered";
      readonly ms: number;
      readonly reached: readonly number[];
      readonly failure?: string;
    }
  /** A test or a scenario begins: should it never end, this is its name. */
  | { readonly kind: "begun"; readonly what: string; readonly test?: number }
  | { readonly kind: "judged"; readonly told?: Told };

export interface Told {
  /** The test or the scenario. */
  readonly by: string;
  readonly message: string;
}
