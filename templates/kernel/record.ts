/**
 * Records: groups of words in linear memory.
 *
 * `record({ … })` declares one. The generator lays the fields out in order, each at its word
 * offset, leaves out those whose `when` is false, and prints every offset that is used as a
 * constant: `Slab.free` becomes `SLAB_FREE`. `wordsOf(Slab)` becomes `SLAB_WORDS`. The functions
 * below are never called.
 */
declare const offset: unique symbol;
/** Word offset of a field from its record's first word. */
export type Field = number & { readonly [offset]?: never };

/** One word. */
export declare const word: Field;
/** `count` words; the field's offset is the first one's. */
export declare function words(count: number): Field;
/** No field: what follows begins a cache line of 16 words. */
export declare const line: Field;
/** A field that exists only in variants where `condition` holds. */
export declare function when(condition: boolean, field: Field): Field;
/** Declares a record. `"pow2"` rounds its length up to a power of two. */
export declare function record<T extends Record<string, Field>>(
  fields: T,
  length?: "packed" | "pow2",
): Readonly<T>;
/** Length of a record in words. */
export declare function wordsOf(record: object): number;
