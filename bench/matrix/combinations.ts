/** Every combination of the axes' values, as a spec; or why the schema does not have it. */
import { type ResolvedSpec, resolveSpec } from "../../spec/resolve.ts";
import { problemText, SpecError } from "../../spec/spec-error.ts";
import { UserError } from "../../spec/user-error.ts";
import { type Axis, type AxisValue, type Labels, nameOf } from "./matrix.ts";

export interface Combination {
  readonly name: string;
  readonly labels: Labels;
  readonly resolved: ResolvedSpec;
}

export interface Rejection {
  readonly name: string;
  readonly labels: Labels;
  readonly reasons: readonly string[];
}

export interface Combinations {
  readonly accepted: readonly Combination[];
  readonly rejected: readonly Rejection[];
}

/**
 * In the order of the axes: the last one changes fastest, so the first combination has every first
 * value.
 */
export function combine(base: ResolvedSpec, axes: readonly Axis[]): Combinations {
  // All get the base's name later, and so a hash that depends on their choices only.
  const { name: _, ...choices } = base.spec;
  const accepted: Combination[] = [];
  const rejected: Rejection[] = [];
  for (const choice of crossProduct(axes)) {
    const labels = Object.fromEntries(choice.map(({ path, label }) => [path, label]));
    const name = nameOf(labels);
    const spec = choice.reduce<unknown>(
      (whole, { path, value }) => overlay(whole, value, path.split(".")),
      choices,
    );
    try {
      const resolved = resolveSpec(spec, base.name);
      const twin = accepted.find((other) => other.resolved.hash === resolved.hash);
      if (twin) rejected.push({ name, labels, reasons: [`it is the same spec as ${twin.name}`] });
      else accepted.push({ name, labels, resolved });
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      rejected.push({ name, labels, reasons: error.problems.map(problemText) });
    }
  }
  if (accepted.length === 0) throw nothingLeft(rejected);
  return { accepted, rejected };
}

type Choice = AxisValue & { readonly path: string };

function crossProduct(axes: readonly Axis[]): Choice[][] {
  return axes.reduce<Choice[][]>(
    (rows, { path, values }) => rows.flatMap((row) => values.map((value) => [...row, { path, ...value }])),
    [[]],
  );
}

/** A copy of `whole` with `value` over what stands at the path; objects are merged key by key. */
export function overlay(whole: unknown, value: unknown, [key, ...rest]: readonly string[]): unknown {
  const record = isRecord(whole) ? whole : {};
  if (key !== undefined) return { ...record, [key]: overlay(record[key], value, rest) };
  if (!isRecord(value)) return value;
  const merged = { ...record };
  for (const [name, part] of Object.entries(value)) merged[name] = overlay(merged[name], part, []);
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nothingLeft(rejected: readonly Rejection[]): UserError {
  const lines = rejected.flatMap(({ name, reasons }) => [
    `  ${name}`,
    ...reasons.map((reason) => `    ${reason}`),
  ]);
  return new UserError(["no combination of the matrix can be built:", ...lines].join("\n"));
}
