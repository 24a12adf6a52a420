/**
 * Tables in Wasm. A table in memory would need a place there, which heaps of other targets do not
 * have, so that addresses would differ. A table is a function instead: a formula where there is
 * one, as there is for size classes by rule. An optimiser that knows the size then knows the class.
 */
import type { Table } from "../../typed/tree.ts";

/** The function that answers what a table holds; its index is a known entry. */
export function printTable({ name, values }: Table): string {
  const body = constant(values) ?? classOfUnits(values) ?? bytesOfClass(values) ?? packed(values);
  return `(func $${name} (param $i i32) (result i32)\n${body})`;
}

const INDEX = "(local.get $i)";

const number = (value: number): string => `(i32.const ${value | 0})`;

/** The same number in every entry behind the first, which is that of no class. */
function constant(values: readonly number[]): string | undefined {
  return values.slice(2).every((value) => value === values[1]) ? `  ${number(values[1] ?? 0)}` : undefined;
}

/** How size classes by rule go on: linearly, then in 2^k steps between powers of two. */
const STEPS = [0, 1, 2, 3, 4, 5];

/** Numbers of units, less one, in place of 0 too; then the class that holds so many. */
function classOf(units: number, k: number): number {
  const below = units === 0 ? 0 : units - 1;
  const shift = 31 - k - Math.clz32(below | (1 << k));
  return (below >>> shift) + (shift << k) + 1;
}

/** `SIZE_CLASS`: from a size in units of the alignment to its class. */
function classOfUnits(values: readonly number[]): string | undefined {
  const last = values.at(-1)!;
  for (const k of STEPS) {
    for (let skipped = 0; skipped <= classOf(values.indexOf(2), k); skipped++) {
      const found = (units: number) => Math.min(Math.max(classOf(units, k) - skipped, 1), last);
      if (!values.every((value, units) => found(units) === value)) continue;
      const isClamped = !values.every(
        (value, units) => classOf(units, k) - skipped <= last || value !== last,
      );
      return printClassOf(k, skipped, isClamped ? last : undefined);
    }
  }
  return undefined;
}

function printClassOf(k: number, skipped: number, last: number | undefined): string {
  const lines = [
    "  (local $shift i32) (local $class i32)",
    `  (local.set $i (i32.sub ${INDEX} (i32.ne ${INDEX} (i32.const 0))))`,
    `  (local.set $shift (i32.sub ${number(31 - k)} (i32.clz (i32.or ${INDEX} ${number(1 << k)}))))`,
    `  (local.set $class (i32.add (i32.add (i32.shr_u ${INDEX} (local.get $shift)) (i32.shl (local.get $shift) ${number(k)})) ${number(1 - skipped)}))`,
  ];
  if (skipped > 0)
    lines.push("  (if (i32.lt_s (local.get $class) (i32.const 1)) (then (local.set $class (i32.const 1))))");
  if (last !== undefined)
    lines.push(
      `  (if (i32.gt_s (local.get $class) ${number(last)}) (then (local.set $class ${number(last)})))`,
    );
  return [...lines, "  (local.get $class)"].join("\n");
}

/** `CLASS_BYTES`: from a class, which is not 0, to its bytes. */
function bytesOfClass(values: readonly number[]): string | undefined {
  const first = values[1]!;
  const alignShift = 31 - Math.clz32(first & -first);
  for (const shift of [alignShift, alignShift - 1, alignShift - 2]) {
    for (const k of STEPS) {
      const bytes = (c: number) => (c < 1 << k ? c : ((c & ((1 << k) - 1)) | (1 << k)) + 1);
      const found = (c: number) =>
        c - 1 < 1 << k ? c << shift : bytes(c - 1) << (((c - 1) >>> k) - 1 + shift);
      if (!values.every((value, c) => c === 0 || found(c) === value)) continue;
      const mantissa = `(i32.add (i32.or (i32.and ${INDEX} ${number((1 << k) - 1)}) ${number(1 << k)}) (i32.const 1))`;
      return [
        `  (local.set $i (i32.sub ${INDEX} (i32.const 1)))`,
        `  (if (result i32) (i32.lt_u ${INDEX} ${number(1 << k)})`,
        `    (then (i32.shl (i32.add ${INDEX} (i32.const 1)) ${number(shift)}))`,
        `    (else (i32.shl ${mantissa} (i32.add (i32.shr_u ${INDEX} ${number(k)}) ${number(shift - 1)}))))`,
      ].join("\n");
    }
  }
  return undefined;
}

/** Entries beside each other in 64-bit constants, which a tree of comparisons tells apart. */
function packed(values: readonly number[]): string {
  const most = Math.max(...values);
  const bits = [4, 8, 16, 32].find((width) => most < 2 ** width)!;
  const perWord = 64 / bits;
  const words = Array.from({ length: Math.ceil(values.length / perWord) }, (_, word) =>
    values
      .slice(word * perWord, (word + 1) * perWord)
      .reduceRight((sum, value) => (sum << BigInt(bits)) | BigInt(value), 0n),
  );
  const choose = (from: number, to: number): string => {
    if (words.slice(from, to).every((word) => word === words[from])) return `(i64.const ${words[from]})`;
    const middle = (from + to) >>> 1;
    return `(if (result i64) (i32.lt_u ${INDEX} ${number(middle * perWord)}) (then ${choose(from, middle)}) (else ${choose(middle, to)}))`;
  };
  const shift = `(i64.extend_i32_u (i32.shl ${INDEX} ${number(Math.log2(bits))}))`;
  const entry = `(i32.wrap_i64 (i64.shr_u ${choose(0, words.length)} ${shift}))`;
  return bits === 32 ? `  ${entry}` : `  (i32.and ${entry} ${number(2 ** bits - 1)})`;
}
