/** The spec file of a tuning: what differs from the base, each choice with what it gained. */
import { fill } from "../fill.ts";

export interface WrittenChoice {
  readonly path: string;
  readonly value: unknown;
  readonly reason: string;
}

export interface SpecFile {
  /** What stands above everything. */
  readonly about: string;
  /** A preset's name, or a spec file as it is named from here. */
  readonly base: string;
  readonly choices: readonly WrittenChoice[];
  /** What stands behind the choices. */
  readonly remarks: readonly string[];
}

const COLUMNS = 100;

interface Node {
  readonly reason?: string;
  readonly value?: unknown;
  readonly inner: Map<string, Node>;
}

/** `.jsonc`, or a module. */
export function specText(file: SpecFile, isJson: boolean): string {
  const key = (name: string): string => (isJson || !/^\w+$/.test(name) ? JSON.stringify(name) : name);
  const comment = (text: string, depth: number): string[] =>
    fill(text, COLUMNS - depth - 3).map((line) => `${" ".repeat(depth)}// ${line}`);
  const written = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const members = Object.entries(value).map(([name, part]) => `${key(name)}: ${written(part)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  };
  const member = (name: string, value: unknown, depth: number): string[] => {
    const indent = " ".repeat(depth);
    const line = `${indent}${key(name)}: ${written(value)},`;
    if (line.length <= COLUMNS || !Array.isArray(value)) return [line];
    const items = fill(value.map((item) => `${written(item)},`).join(" "), COLUMNS - depth - 2);
    const last = items.length - 1;
    const lines = items.map(
      (item, index) => `${indent}  ${isJson && index === last ? item.slice(0, -1) : item}`,
    );
    return [`${indent}${key(name)}: [`, ...lines, `${indent}],`];
  };
  const nodes = (tree: Map<string, Node>, depth: number): string[] =>
    [...tree].flatMap(([name, { reason, value, inner }]) => [
      ...(reason === undefined ? [] : comment(reason, depth)),
      ...(inner.size === 0
        ? member(name, value, depth)
        : [`${" ".repeat(depth)}${key(name)}: {`, ...nodes(inner, depth + 2), `${" ".repeat(depth)}},`]),
    ]);
  const body = [
    ...member("extends", file.base, 2),
    ...nodes(treeOf(file.choices), 2),
    ...file.remarks.flatMap((remark) => comment(remark, 2)),
  ];
  if (isJson) return `${comment(file.about, 0).join("\n")}\n{\n${body.join("\n")}\n}\n`;
  return [
    'import { defineSpec } from "slabsmith";',
    "",
    "/**",
    ...fill(file.about, COLUMNS - 3).map((line) => ` * ${line}`),
    " */",
    "export default defineSpec({",
    ...body,
    "});",
    "",
  ].join("\n");
}

/** Dotted paths as nested objects. */
function treeOf(choices: readonly WrittenChoice[]): Map<string, Node> {
  const tree = new Map<string, Node>();
  for (const { path, value, reason } of choices) {
    const keys = path.split(".");
    const last = keys.pop() as string;
    let level = tree;
    for (const name of keys) {
      const node: Node = level.get(name) ?? { inner: new Map() };
      level.set(name, node);
      level = node.inner;
    }
    level.set(last, { reason, value, inner: new Map() });
  }
  return tree;
}
