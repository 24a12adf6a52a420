/**
 * Mutants that nothing can tell, and why: what they change makes no difference that anybody is promised. The reason is a
 * claim, to be looked at again when the kernel changes. A title that fits no mutant any more is reported, and so is one
 * that is told after all.
 */
export const EQUIVALENT: Readonly<Record<string, string>> = {};
