/**
 * Sizes as people write them: `"64 MiB"`. A spec may have one wherever it takes a number of bytes.
 */

const UNITS = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

type Unit = keyof typeof UNITS;
export const UNIT_NAMES = Object.keys(UNITS) as readonly Unit[];

export type ByteText = `${number} ${Unit}`;

export const BYTE_TEXT = /^(\d+(?:\.\d+)?) (B|KiB|MiB|GiB)$/;

/** What a text that is nearly a size should be. */
export const BYTE_TEXT_HINT = 'write sizes as "64 KiB", "1.5 MiB" or "1 GiB"';

/** Sizes in a spec as numbers; everything else as it is. No other choice is a text of that form. */
export function inBytes(value: unknown): unknown {
  if (typeof value === "string") {
    const [, number, unit] = BYTE_TEXT.exec(value) ?? [];
    return unit === undefined ? value : Number(number) * UNITS[unit as Unit];
  }
  if (Array.isArray(value)) return value.map(inBytes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inBytes(each)]));
}
