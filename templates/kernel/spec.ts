import type { KernelSpec } from "../../spec/kernel-spec";

/** The variant's choices: folded by the generator, read at run time only in the flagged build. */
export declare const spec: KernelSpec;

/**
 * A type that depends on a choice: the generator writes one of the two where the condition is
 * known.
 */
export type When<_Condition extends string, Then, Else> = Then | Else;
