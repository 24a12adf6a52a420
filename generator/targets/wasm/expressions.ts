/** Expressions of the typed form as WebAssembly text. */
import type { Arithmetic, Calculation, Comparison, Expression } from "../../typed/tree.ts";
import { addressOf, operands, sum } from "./addresses.ts";

const ARITHMETIC: Readonly<Record<Arithmetic, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div_u",
  "%": "rem_u",
  "&": "and",
  "|": "or",
  "^": "xor",
  "<<": "shl",
  ">>>": "shr_u",
};

const COMPARISONS: Readonly<Record<Comparison, string>> = {
  "===": "eq",
  "!==": "ne",
  "<": "lt_u",
  "<=": "le_u",
  ">": "gt_u",
  ">=": "ge_u",
};

/** Calculations that are functions of the module, and their text. */
export const HELPERS: Readonly<Partial<Record<Calculation, string>>> = {
  ceilDiv: `(func $ceilDiv (param $a i32) (param $b i32) (result i32)
  (i32.add
    (i32.div_u (local.get $a) (local.get $b))
    (i32.ne (i32.rem_u (local.get $a) (local.get $b)) (i32.const 0))))`,
  addSaturating: `(func $addSaturating (param $a i32) (param $b i32) (result i32)
  (local $sum i32)
  (local.set $sum (i32.add (local.get $a) (local.get $b)))
  (select (i32.const -1) (local.get $sum) (i32.lt_u (local.get $sum) (local.get $a))))`,
  productOverflows: `(func $productOverflows (param $a i32) (param $b i32) (param $product i32) (result i32)
  (i64.ne
    (i64.mul (i64.extend_i32_u (local.get $a)) (i64.extend_i32_u (local.get $b)))
    (i64.extend_i32_u (local.get $product))))`,
  min: `(func $min (param $a i32) (param $b i32) (result i32)
  (select (local.get $a) (local.get $b) (i32.lt_u (local.get $a) (local.get $b))))`,
  max: `(func $max (param $a i32) (param $b i32) (result i32)
  (select (local.get $a) (local.get $b) (i32.gt_u (local.get $a) (local.get $b))))`,
};

/** Prints the expressions of one function. `nameOf` gives the name of a local in it. */
export function expressionPrinter(nameOf: (local: object) => string) {
  const print = (expression: Expression): string => {
    const { type } = expression;
    switch (expression.kind) {
      case "literal":
        return `(i32.const ${(type.shape === "place" ? expression.value * 4 : expression.value) | 0})`;
      case "truth":
        return `(i32.const ${expression.value ? 1 : 0})`;
      case "constant": {
        const { name, value } = expression.constant;
        return type.shape === "place"
          ? sum(addressOf(expression, print))
          : `(i32.const ${value | 0})(;${name};)`;
      }
      case "local":
        return `(local.get $${nameOf(expression.variable)})`;
      case "register":
        return `(global.get $${expression.register.name})`;
      case "arithmetic":
        return arithmetic(expression.operator, expression.left, expression.right);
      case "distance":
        return `(i32.shr_u (i32.sub ${print(expression.left)} ${print(expression.right)}) (i32.const 2))`;
      case "step":
      case "placeAt":
        return sum(addressOf(expression, print));
      case "addressAt":
        return print(expression.place);
      case "comparison":
        return comparison(expression.operator, expression.left, expression.right);
      case "logic": {
        const left = print(expression.left);
        const right = print(expression.right);
        return expression.operator === "&&"
          ? `(if (result i32) ${left} (then ${right}) (else (i32.const 0)))`
          : `(if (result i32) ${left} (then (i32.const 1)) (else ${right}))`;
      }
      case "not":
        return `(i32.eqz ${print(expression.operand)})`;
      case "choice":
        return `(if (result i32) ${print(expression.condition)} (then ${print(expression.whenTrue)}) (else ${print(expression.whenFalse)}))`;
      case "call":
        return `(call $${expression.name}${expression.parameters.map((value) => ` ${print(value)}`).join("")})`;
      case "calculation":
        return calculation(expression.name, expression.parameters.map(print));
      case "load": {
        if (type.shape === "place") return sum(addressOf(expression, print));
        return `(i32.load ${operands(addressOf(expression.place, print))})`;
      }
      case "load8":
        return `(i32.load8_u ${print(expression.address)})`;
      case "entry":
        return `(call $${expression.table.name} ${print(expression.index)})`;
    }
  };

  const arithmetic = (operator: Arithmetic, left: Expression, right: Expression): string => {
    // Records in a distance: one division by their length in bytes.
    if (operator === "/" && left.kind === "distance" && right.kind === "constant") {
      const { name, value } = right.constant;
      return `(i32.div_u (i32.sub ${print(left.left)} ${print(left.right)}) (i32.const ${value * 4})(;${name};))`;
    }
    return `(i32.${ARITHMETIC[operator]} ${print(left)} ${print(right)})`;
  };

  const comparison = (operator: Comparison, left: Expression, right: Expression): string => {
    const isZero = right.kind === "literal" && right.value === 0;
    if (operator === "===" && isZero) return `(i32.eqz ${print(left)})`;
    return `(i32.${COMPARISONS[operator]} ${print(left)} ${print(right)})`;
  };

  return print;
}

function calculation(name: Calculation, parameters: readonly string[]): string {
  switch (name) {
    case "clz32":
      return `(i32.clz ${parameters[0]})`;
    case "memorySize":
      return "(memory.size)";
    case "memoryGrow":
      return `(i32.ne (memory.grow ${parameters[0]}) (i32.const -1))`;
    default:
      return `(call $${name} ${parameters.join(" ")})`;
  }
}
