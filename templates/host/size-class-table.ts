/**
 * Inverts a class table: entry i is the smallest class whose stride is at least `i << alignShift`
 * bytes.
 */
export function sizeClassTable(classBytes: Uint32Array, alignShift: number): Uint8Array {
  const table = new Uint8Array((classBytes[classBytes.length - 1] >>> alignShift) + 1);
  let unit = 0;
  for (let index = 1; index < classBytes.length; index++) {
    while (unit << alignShift <= classBytes[index]) table[unit++] = index;
  }
  return table;
}
