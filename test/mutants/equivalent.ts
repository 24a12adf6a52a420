/**
 * Mutants that nothing can tell, and why: what they change makes no difference that anybody is
 * promised. The reason is a claim, to be looked at again when the kernel changes. A title that fits
 * no mutant any more is reported, and so is one that is told after all.
 */

const RELEASED = "the slab is released right after it, and set up anew before it serves again";

export const EQUIVALENT: Readonly<Record<string, string>> = {
  "kernel/page-run.ts, findEmpty: sign: load32(superSlab + SuperSlab.used) + load32(superSlab + SuperSlab.touched) → (load32(superSlab + SuperSlab.used) - load32(superSlab + SuperSlab.touched))":
    "a SuperSlab in use whose committed pages are all in use was looked through before, in vain",
  "kernel/virgin.ts, closeVirgin: one off: load32(slab + Slab.left) - blocks → (load32(slab + Slab.left) - blocks + 1)":
    RELEASED,
  "kernel/memory-map.ts, endIndex: sign: endPage + SUPER_SLAB_PAGES - 1 → (endPage + SUPER_SLAB_PAGES + 1)":
    "there is a SuperSlab record too many, which no page is in",
};
