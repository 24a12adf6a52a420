import { UserError } from "./user-error.ts";

/**
 * One thing that is wrong with a spec: where, what stands there, why that cannot be, and the way
 * out.
 */
export interface Problem {
  /** Dotted path of the choice, e.g. `tiers.tlsSll.cap`. */
  readonly path: string;
  readonly value: unknown;
  readonly message: string;
  readonly fix: string;
}

/** A spec that cannot be built, with everything that is wrong with it. */
export class SpecError extends UserError {
  override readonly name = "SpecError";

  constructor(
    readonly specName: string,
    readonly problems: readonly Problem[],
  ) {
    super(
      [`spec ${specName} cannot be built:`, ...problems.map((problem) => `  ${problemText(problem)}`)].join(
        "\n",
      ),
    );
  }
}

export function problemText(problem: Problem): string {
  return `${problem.path}: ${problem.message}; ${problem.fix}`;
}

/** A value as the user wrote it, kept short. */
export function show(value: unknown): string {
  const text = value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
