/**
 * Axes as people write them: `tiers.fast.cap=0,64`, `tiers.tlsList=off,on`,
 * `lru={"entries":0},{"entries":8}`.
 */
import { specJsonSchema } from "../../spec/json-schema.ts";
import { nearest } from "../../spec/nearest.ts";
import { UserError } from "../../spec/user-error.ts";
import type { Axis, AxisValue } from "./matrix.ts";

/** Of the command line. */
export function parseAxis(text: string): Axis {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UserError(`--axis ${text}: write PATH=VALUE,VALUE, such as tiers.fast.cap=0,64`);
  const path = text.slice(0, equals).trim();
  const values = splitList(text.slice(equals + 1)).map(readValue);
  return makeAxis(
    path,
    values.map((value) => [undefined, value]),
  );
}

/** Values with a label of their own, or with the one that they have as text. */
export function makeAxis(
  path: string,
  values: readonly (readonly [label: string | undefined, value: unknown])[],
): Axis {
  const schema = schemaAt(path);
  const made = values.map(([label, value]) => axisValue(label, value, schema));
  if (made.length === 0) throw new UserError(`axis ${path} has no value`);
  const labels = made.map(({ label }) => label);
  const twin = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twin !== undefined) throw new UserError(`axis ${path} has ${twin} twice`);
  return { path, values: made };
}

/** Two axes must not write to the same place: what one says would be lost. */
export function refuseOverlap(axes: readonly Axis[]): void {
  for (const { path } of axes) {
    const below = axes.filter((other) => `${other.path}.`.startsWith(`${path}.`));
    if (below.length < 2) continue;
    const [one, other] = below.map((axis) => axis.path);
    throw new UserError(
      `the axes ${one} and ${other} overlap: use one with all values, such as ${path}=off,{"…":…}`,
    );
  }
}

function axisValue(label: string | undefined, value: unknown, schema: JsonSchema): AxisValue {
  const meant = value === "off" ? false : value === "on" ? onValue(schema) : value;
  return { label: label ?? labelOf(meant), value: meant };
}

function labelOf(value: unknown): string {
  if (value === false) return "off";
  if (value === true || JSON.stringify(value) === "{}") return "on";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** JSON where it is, else the word itself: `off`, `on`, `SharedArrayBuffer`. */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** At the commas that are not inside brackets or quotes. */
function splitList(text: string): string[] {
  const items = [""];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:\\.|[^"\\])*"|./gs)) {
    if (token === "[" || token === "{") depth++;
    if (token === "]" || token === "}") depth--;
    if (token === "," && depth === 0) items.push("");
    else items[items.length - 1] += token;
  }
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: unknown;
  readonly anyOf?: readonly JsonSchema[];
}

let whole: JsonSchema | undefined;

/** The part of the spec's schema for what stands at a path. */
export function schemaAt(path: string): JsonSchema {
  whole ??= specJsonSchema() as JsonSchema;
  let schema = whole;
  for (const key of path.split(".")) {
    const keys = objectSchema(schema)?.properties ?? {};
    const next = keys[key];
    if (next === undefined) {
      const close = nearest(key, Object.keys(keys));
      const known = Object.keys(keys).join(", ") || "nothing below it";
      throw new UserError(
        `axis ${path}: a spec has no such choice; ${close ? `did you mean ${close}?` : `there is ${known}`}`,
      );
    }
    schema = next;
  }
  return schema;
}

function objectSchema(schema: JsonSchema): JsonSchema | undefined {
  return [schema, ...(schema.anyOf ?? [])].find(({ type }) => type === "object");
}

/**
 * A flag is true; a system that has choices of its own has them as the spec says, or by default.
 */
function onValue(schema: JsonSchema): unknown {
  return schema.type === "boolean" ? true : {};
}
