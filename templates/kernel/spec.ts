import type { KernelSpec } from "../../spec/kernel-spec";

/** The variant's choices: folded by the generator, read at run time only in the flagged build. */
export declare const spec: KernelSpec;
