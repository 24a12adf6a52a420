/** Access: what a simulated thread is about to do with the shared memory. */

export const Kind = {
  load: 0,
  store: 1,
  cas: 2,
  exchange: 3,
  add: 4,
  /**
   * A plain read that may see an old value; a step of its own, since what it sees depends on the
   * others.
   */
  racyLoad: 5,
  or: 6,
  and: 7,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/**
 * The one access a thread waits to perform. Each thread has one such object and fills it again and
 * again.
 */
export interface Access {
  kind: Kind;
  /** Index of the 32-bit word. */
  word: number;
  /** What is stored, exchanged, added, or'ed or and'ed. */
  value: number;
  /** What a `cas` compares with. */
  expected: number;
  /** Where in the kernel: an index into the build's sites. */
  site: number;
}

/** Whether an access may change its word; of a `cas` only its outcome tells. */
export function mayWrite(kind: Kind): boolean {
  return kind !== Kind.load && kind !== Kind.racyLoad;
}

/** What a word holds after a write that did happen. */
export function written(kind: Kind, old: number, value: number): number {
  switch (kind) {
    case Kind.add:
      return old + value;
    case Kind.or:
      return old | value;
    case Kind.and:
      return old & value;
    default:
      return value;
  }
}
