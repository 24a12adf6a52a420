/**
 * Roles: the kernel's names for numbers (`templates/kernel/types.ts`, and the records). A role is a
 * type alias; one that leads to `Word` is a place, the others are plain numbers.
 */
import { ts } from "ts-morph";
import { declarationsOf, type Program } from "../stages/program.ts";
import type { Type } from "./tree.ts";

export const NUMBER: Type = { shape: "number", role: "number" };
export const PLACE: Type = { shape: "place", role: "Word" };
export const BOOL: Type = { shape: "bool", role: "boolean" };
export const VOID: Type = { shape: "void", role: "void" };

/** The types that a program's type annotations stand for, by name. */
export class Roles {
  /** What each alias stands for directly. */
  readonly #aliases = new Map<string, string>();

  constructor(program: Program) {
    for (const { name, statement } of declarationsOf(program).types.values()) {
      if (ts.isTypeAliasDeclaration(statement)) this.#aliases.set(name, statement.type.getText());
    }
  }

  /** The type of that name; undefined where it is none of the kernel's. */
  named(name: string): Type | undefined {
    switch (name) {
      case "number":
        return NUMBER;
      case "boolean":
        return BOOL;
      case "void":
        return VOID;
    }
    const chain = this.#chain(name);
    if (chain.at(-1) !== "number") return undefined;
    return { shape: chain.includes("Word") ? "place" : "number", role: name };
  }

  /** Whether a name is a role: more than `number` says. */
  isRole(name: string | undefined): name is string {
    return name !== undefined && this.#aliases.has(name) && this.named(name) !== undefined;
  }

  /** Whether a value of one type may be used as the other: one role leads to the other. */
  fits(value: Type, wanted: Type): boolean {
    if (value.shape !== wanted.shape) return false;
    return this.isKindOf(value.role, wanted.role) || this.isKindOf(wanted.role, value.role);
  }

  /** Whether a role is the same as another, or leads to it. */
  isKindOf(role: string, other: string): boolean {
    return role === other || this.#chain(role).includes(other);
  }

  /** A name and all that it stands for, to the last. */
  #chain(name: string): string[] {
    const next = this.#aliases.get(name);
    return next === undefined || next === name ? [name] : [name, ...this.#chain(next)];
  }
}
