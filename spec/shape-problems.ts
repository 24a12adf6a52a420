/**
 * The schema's issues as problems. The messages of the schema say what is allowed; here they get
 * the place and the value.
 */
import type { z } from "zod";
import { BYTE_TEXT_HINT } from "./bytes.ts";
import { nearest } from "./nearest.ts";
import { type Problem, show } from "./spec-error.ts";
import { valueAt } from "./value-at.ts";

type Issue = z.core.$ZodIssue;

export interface ShapeProblem extends Problem {
  /** Path of the choice that a misspelt one was probably meant to be. */
  readonly meant?: string;
}

/** One problem per path: the first thing wrong with a value is enough. */
export function shapeProblems(issues: readonly Issue[], input: unknown): ShapeProblem[] {
  const problems = new Map<string, ShapeProblem>();
  for (const problem of issues.flatMap((issue) => shapeProblem(issue, input))) {
    if (!problems.has(problem.path)) problems.set(problem.path, problem);
  }
  return [...problems.values()];
}

function shapeProblem(issue: Issue, input: unknown): ShapeProblem[] {
  const path = issue.path.join(".");
  const value = valueAt(input, path);
  switch (issue.code) {
    case "invalid_union": {
      const meant = issue.errors.find(isAboutTheInside);
      if (!meant) break;
      return meant.flatMap((inner) =>
        shapeProblem({ ...inner, path: [...issue.path, ...inner.path] }, input),
      );
    }
    case "unrecognized_keys":
      return issue.keys.map((key) =>
        unknownChoice(issue.path.join("."), key, value, issue.message.split(", ")),
      );
    case "invalid_key":
      return [
        { path, value, message: `${show(issue.path.at(-1))} is no block size`, fix: "use one in bytes" },
      ];
  }
  const hint = typeof value === "string" && /^\d/.test(value) ? `; ${BYTE_TEXT_HINT}` : "";
  return [
    {
      path: path || "spec",
      value,
      message: `${show(value)} is not allowed`,
      fix: `use ${issue.message}${hint}`,
    },
  ];
}

/**
 * Of a union's branches, the one meant is the one that complains about something inside the value.
 */
function isAboutTheInside(issues: readonly Issue[]): boolean {
  return issues.every((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys");
}

function unknownChoice(
  section: string,
  key: string,
  holder: unknown,
  known: readonly string[],
): ShapeProblem {
  const at = (name: string) => (section === "" ? name : `${section}.${name}`);
  const close = nearest(key, known);
  return {
    path: at(key),
    value: (holder as Record<string, unknown>)[key],
    message: "there is no such choice",
    fix: close ? `did you mean ${close}?` : `choose from ${known.join(", ")}`,
    ...(close && { meant: at(close) }),
  };
}
