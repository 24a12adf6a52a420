/**
 * A build in the place of every variant's, told at run time which variant it is: the suites run on
 * it as on any other (`test/mutants`).
 */
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import type { Files } from "./emitted.ts";

export interface Substitute {
  /** The build for heaps of as many threads as these. */
  files(kernel: KernelSpec): Files;
  /** What it is told. */
  spec(kernel: KernelSpec): KernelSpec;
}

let current: Substitute | undefined;

export function substitute(): Substitute | undefined {
  return current;
}

/** Before the variants are loaded. */
export function substituteBuilds(build: Substitute): void {
  current = build;
}
