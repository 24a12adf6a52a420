/** Functions of the typed form as WebAssembly text. */
import type { Expression, Statement, TypedFunction, Variable } from "../../typed/tree.ts";
import { addressOf, operands } from "./addresses.ts";
import { expressionPrinter } from "./expressions.ts";

export function printFunction(node: TypedFunction): string {
  return new FunctionPrinter(node).print();
}

class FunctionPrinter {
  readonly #node: TypedFunction;
  /** Wasm has no blocks with locals of their own: each local has a name of its own. */
  readonly #names = new Map<object, string>();
  readonly #locals: string[] = [];
  readonly #value = expressionPrinter((local) => this.#names.get(local)!);
  #loops = 0;

  constructor(node: TypedFunction) {
    this.#node = node;
  }

  print(): string {
    const { name, parameters, result, body, doc } = this.#node;
    const given = parameters.map((parameter) => ` (param $${this.#nameFor(parameter)} i32)`).join("");
    const returned = result.shape === "void" ? "" : " (result i32)";
    const lines = this.#block(body, "  ");
    // What a function returns it returns in a statement; the validator does not look so far.
    if (returned !== "" && body.at(-1)?.kind !== "return") lines.push("  (unreachable)");
    const locals = this.#locals.map((local) => `  (local $${local} i32)`);
    return [...comment(doc, ""), `(func $${name}${given}${returned}`, ...locals, ...lines, ")"].join("\n");
  }

  #nameFor(variable: Variable): string {
    const taken = new Set(this.#names.values());
    let name = variable.name;
    for (let n = 2; taken.has(name); n++) name = `${variable.name}${n}`;
    this.#names.set(variable, name);
    return name;
  }

  #block(statements: readonly Statement[], indent: string): string[] {
    return statements.flatMap((statement) => [
      ...statement.comment.map((line) => `${indent};; ${line}`),
      ...this.#statement(statement, indent),
    ]);
  }

  #statement(node: Statement, indent: string): string[] {
    const value = this.#value;
    const line = (text: string) => [indent + text];
    switch (node.kind) {
      case "declare": {
        const text = value(node.value);
        const name = this.#nameFor(node.variable);
        this.#locals.push(name);
        return line(`(local.set $${name} ${text})`);
      }
      case "assign":
        return line(
          node.isRegister
            ? `(global.set $${node.target.name} ${value(node.value)})`
            : `(local.set $${this.#names.get(node.target)} ${value(node.value)})`,
        );
      case "store":
        return line(`(i32.store ${operands(addressOf(node.place, value))} ${this.#stored(node.value)})`);
      case "store8":
        return line(`(i32.store8 ${value(node.address)} ${value(node.value)})`);
      case "zero64":
        return line(`(i64.store ${eighths(value(node.index))} (i64.const 0))`);
      case "zeroRange64": {
        const from = value(node.from);
        const length = `(i32.sub ${value(node.to)} ${from})`;
        return line(`(memory.fill ${eighths(from)} (i32.const 0) ${eighths(length)})`);
      }
      case "copyBytes": {
        const from = value(node.from);
        return line(`(memory.copy ${value(node.target)} ${from} (i32.sub ${value(node.to)} ${from}))`);
      }
      case "perform":
        return line(node.call.type.shape === "void" ? value(node.call) : `(drop ${value(node.call)})`);
      case "return":
        return line(node.value === undefined ? "(return)" : `(return ${value(node.value)})`);
      case "if":
        return this.#if(node.condition, node.whenTrue, node.whenFalse, indent);
      case "loop": {
        const number = ++this.#loops;
        const inner = `${indent}    `;
        return [
          ...this.#block(node.before, indent),
          `${indent}(block $done${number}`,
          `${indent}  (loop $again${number}`,
          `${inner}(br_if $done${number} (i32.eqz ${value(node.condition)}))`,
          ...this.#block(node.body, inner),
          ...this.#block(node.steps, inner),
          `${inner}(br $again${number})))`,
        ];
      }
    }
  }

  #if(
    condition: Expression,
    whenTrue: readonly Statement[],
    whenFalse: readonly Statement[],
    indent: string,
  ): string[] {
    const inner = `${indent}    `;
    return [
      `${indent}(if ${this.#value(condition)}`,
      `${indent}  (then`,
      ...this.#block(whenTrue, inner),
      whenFalse.length === 0 ? `${indent}  ))` : `${indent}  )`,
      ...(whenFalse.length === 0
        ? []
        : [`${indent}  (else`, ...this.#block(whenFalse, inner), `${indent}  ))`]),
    ];
  }

  /** What a store writes: the heap's memory counts places in words. */
  #stored(node: Expression): string {
    if (node.type.shape !== "place") return this.#value(node);
    const number = { shape: "number", role: "number" } as const;
    if (node.kind === "literal" || node.kind === "load") return this.#value({ ...node, type: number });
    return `(i32.shr_u ${this.#value(node)} (i32.const 2))`;
  }
}

function eighths(text: string): string {
  return `(i32.shl ${text} (i32.const 3))`;
}

/** Comment lines in WebAssembly text. */
export function comment(text: string, indent: string): string[] {
  return text === "" ? [] : text.split("\n").map((line) => `${indent};; ${line}`.trimEnd());
}
