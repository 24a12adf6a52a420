/** What the scenarios require. They run in pages too, where no test framework is. */

export function equal<T>(what: string, found: T, expected: T): void {
  if (found !== expected) throw new Error(`${what}: ${found}, not ${expected}`);
}

export function between(what: string, found: number, least: number, most: number): void {
  if (!(found >= least && found <= most)) throw new Error(`${what}: ${found}, not ${least} … ${most}`);
}

/** That a call throws a RangeError which says so. */
export function refuses(call: () => unknown, reason: string): void {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  const told = thrown instanceof RangeError ? thrown.message : `no RangeError but ${thrown}`;
  if (!told.includes(reason)) throw new Error(`${told}: not that ${reason}`);
}
