/**
 * Addresses in Wasm: places are held as byte addresses, so a field of a record is an immediate of
 * the instruction. What is known of an address goes there, the rest is calculated.
 */
import type { Expression } from "../../typed/tree.ts";

/** An address as the sum of what is calculated and a known number of bytes. */
export interface Address {
  /** Text that calculates a byte address; undefined where all of it is known. */
  readonly base?: string;
  readonly offset: number;
  /** Names of the constants in the offset. */
  readonly names: readonly string[];
}

export type Print = (expression: Expression) => string;

export function addressOf(place: Expression, print: Print): Address {
  switch (place.kind) {
    case "literal":
      return { offset: place.value * 4, names: [] };
    case "constant":
      return { offset: place.constant.value * 4, names: [place.constant.name] };
    case "step":
      return place.back
        ? minus(addressOf(place.place, print), scaled(place.words, 4, print))
        : plus(addressOf(place.place, print), scaled(place.words, 4, print));
    case "placeAt": {
      const base = print(place.address);
      return { base: place.aligned ? base : `(i32.and ${base} (i32.const -4))`, offset: 0, names: [] };
    }
    case "load":
      // The heap's memory counts places in words.
      return { base: `(i32.shl ${print({ ...place, type: NUMBER })} (i32.const 2))`, offset: 0, names: [] };
    default:
      return { base: print(place), offset: 0, names: [] };
  }
}

/** An address as the two operands of a load or a store: `offset=…` and the base. */
export function operands(address: Address): string {
  const { base, offset, names } = address;
  const note = names.length === 0 ? "" : ` (;${names.join(" + ")};)`;
  if (base === undefined) return `${note} (i32.const ${offset})`.trimStart();
  // A negative offset would not be the same: the sum of both does not wrap.
  if (offset < 0) return `${note} (i32.add ${base} (i32.const ${offset}))`.trimStart();
  return (offset === 0 ? `${note} ${base}` : `offset=${offset}${note} ${base}`).trimStart();
}

/** An address as a number. */
export function sum({ base, offset }: Address): string {
  if (base === undefined) return `(i32.const ${offset | 0})`;
  return offset === 0 ? base : `(i32.add ${base} (i32.const ${offset | 0}))`;
}

const NUMBER = { shape: "number", role: "number" } as const;

/** A number times a power of two. */
function scaled(expression: Expression, factor: number, print: Print): Address {
  const known = knownNumber(expression);
  if (known !== undefined) return { offset: known.value * factor, names: known.name ? [known.name] : [] };
  if (expression.kind === "arithmetic") {
    const { operator, left, right } = expression;
    if (operator === "+") return plus(scaled(left, factor, print), scaled(right, factor, print));
    if (operator === "-" && knownNumber(right) !== undefined)
      return minus(scaled(left, factor, print), scaled(right, factor, print));
    const by = knownNumber(right)?.value;
    if (operator === "*" && by !== undefined)
      return { base: `(i32.mul ${print(left)} (i32.const ${by * factor}))`, offset: 0, names: [] };
  }
  return { base: `(i32.mul ${print(expression)} (i32.const ${factor}))`, offset: 0, names: [] };
}

function knownNumber(expression: Expression): { value: number; name?: string } | undefined {
  if (expression.kind === "literal") return { value: expression.value };
  if (expression.kind === "constant") return expression.constant;
  return undefined;
}

function plus(a: Address, b: Address): Address {
  const base = a.base && b.base ? `(i32.add ${a.base} ${b.base})` : (a.base ?? b.base);
  return { ...(base && { base }), offset: a.offset + b.offset, names: [...a.names, ...b.names] };
}

function minus(a: Address, b: Address): Address {
  const base = b.base ? `(i32.sub ${a.base ?? "(i32.const 0)"} ${b.base})` : a.base;
  return { ...(base && { base }), offset: a.offset - b.offset, names: [...a.names, ...b.names] };
}
