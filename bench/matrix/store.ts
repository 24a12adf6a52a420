/**
 * The file of results: JSON lines, a plan before the cells that were measured for it. It is only
 * ever appended to, a line at a time; a run that was killed leaves at most half a line, which the
 * next one cuts off.
 */
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { UserError } from "../../spec/user-error.ts";
import { type Cell, hasFailed, keyOf } from "./cell.ts";
import type { PlanRecord } from "./plan.ts";

type Line = { readonly plan: PlanRecord } | { readonly cell: Cell };

/** Cells by key. One that failed makes room for a later one. */
export class Cells {
  readonly #byKey = new Map<string, Cell>();

  add(cell: Cell): void {
    const known = this.#byKey.get(keyOf(cell));
    if (known === undefined || hasFailed(known)) this.#byKey.set(keyOf(cell), cell);
  }

  get(key: string): Cell | undefined {
    return this.#byKey.get(key);
  }
}

export interface Results {
  /** The last one in the file. */
  readonly plan: PlanRecord | undefined;
  readonly cells: readonly Cell[];
}

export function readResults(file: string): Results {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  let plan: PlanRecord | undefined;
  const cells: Cell[] = [];
  lines.slice(0, -1).forEach((content, index) => {
    const line = parseLine(content, `${file}, line ${index + 1}`);
    if ("plan" in line) plan = line.plan;
    else cells.push(line.cell);
  });
  return { plan, cells };
}

function parseLine(content: string, place: string): Line {
  let line: Partial<{ plan: PlanRecord; cell: Cell }>;
  try {
    line = JSON.parse(content);
  } catch {
    throw new UserError(`${place}: this is not a line of a matrix's results`);
  }
  if (line?.plan?.variants === undefined && line?.cell?.outcome === undefined) {
    throw new UserError(`${place}: this is not a line of a matrix's results`);
  }
  return line as Line;
}

/** Of several files with the same plan: shards, or copies. */
export function mergeResults(files: readonly string[]): { plan: PlanRecord; cells: Cells } {
  const cells = new Cells();
  let plan: PlanRecord | undefined;
  for (const file of files) {
    const results = readResults(file);
    if (results.plan === undefined) throw new UserError(`${file}: it holds no plan`);
    plan ??= results.plan;
    if (JSON.stringify(results.plan) !== JSON.stringify(plan)) {
      throw new UserError(
        `${file} is not of the same matrix as ${files[0]}: ${differences(plan, results.plan)} differ`,
      );
    }
    for (const cell of results.cells) cells.add(cell);
  }
  return { plan: plan as PlanRecord, cells };
}

function differences(one: PlanRecord, other: PlanRecord): string {
  const keys = Object.keys(one) as (keyof PlanRecord)[];
  return keys.filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key])).join(", ");
}

export class Store {
  readonly cells = new Cells();

  private constructor(private readonly file: string) {}

  /** Goes on with a file, or begins it. */
  static open(file: string, plan: PlanRecord): Store {
    const store = new Store(file);
    let known: PlanRecord | undefined;
    if (existsSync(file)) {
      const results = readResults(file);
      known = results.plan;
      for (const cell of results.cells) store.cells.add(cell);
      cutHalfLine(file);
    }
    if (JSON.stringify(known) !== JSON.stringify(plan)) store.#append({ plan });
    return store;
  }

  add(cell: Cell): void {
    this.#append({ cell });
    this.cells.add(cell);
  }

  #append(line: Line): void {
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
}

function cutHalfLine(file: string): void {
  const bytes = readFileSync(file);
  truncateSync(file, bytes.lastIndexOf("\n") + 1);
}
