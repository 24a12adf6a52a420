/**
 * Mutants that no scenario can tell, and why: what they break may be broken. The reason is the claim that is to be looked at
 * when the kernel changes; a name that fits no mutant any more is reported.
 */
export const EQUIVALENT: Readonly<Record<string, string>> = {};
