/** A matrix as a file: JSON, or a module with a default export, as specs are. */
import { z } from "zod";
import { loadFile } from "../../spec/load-spec.ts";
import { nearest } from "../../spec/nearest.ts";
import { UserError } from "../../spec/user-error.ts";
import { makeAxis } from "./axis.ts";
import type { Matrix } from "./matrix.ts";
import { namedMatrices } from "./named/index.ts";

const matrixSchema = z.strictObject({
  /** By path: a list of values, or an object from label to value. */
  axes: z.record(
    z.string(),
    z.union([z.array(z.unknown()).min(1), z.record(z.string(), z.unknown())], {
      error: "a list of values, or an object from label to value",
    }),
    { error: "an object from a spec's path to values" },
  ),
  workloads: z.array(z.string(), { error: "a list of workloads" }).min(1).optional(),
  threads: z.array(z.int().min(1).max(64), { error: "a list of whole numbers" }).min(1).optional(),
});

/** As it is written. */
export type MatrixFile = z.input<typeof matrixSchema>;

/** A matrix that comes with slabsmith, by its name, or a file. */
export async function loadMatrix(source: string): Promise<Matrix> {
  const named = namedMatrices[source];
  if (named) return readMatrix(named, source);
  const file = await loadFile(source, "export default { axes: { … } }");
  if (file !== undefined) return readMatrix(file, source);
  const names = Object.keys(namedMatrices);
  const close = nearest(source, names);
  throw new UserError(
    `there is no matrix ${source}; ${close ? `did you mean ${close}?` : `use ${names.join(", ")}, or a file (.json, .ts, .js)`}`,
  );
}

export function readMatrix(input: unknown, source: string): Matrix {
  const parsed = matrixSchema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `  ${path.join(".") || source}: ${message}`,
    );
    throw new UserError([`matrix ${source} cannot be used:`, ...problems].join("\n"));
  }
  const { axes, ...rest } = parsed.data;
  return {
    ...rest,
    axes: Object.entries(axes).map(([path, values]) =>
      makeAxis(
        path,
        Array.isArray(values) ? values.map((value) => [undefined, value] as const) : Object.entries(values),
      ),
    ),
  };
}
