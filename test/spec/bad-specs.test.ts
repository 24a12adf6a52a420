import { describe, expect, test } from "vitest";
import { resolveSpec } from "../../spec/resolve.ts";
import { problemText, SpecError } from "../../spec/spec-error.ts";
import { readBadSpecs } from "./bad-specs.ts";

const cases = readBadSpecs();

function problemsOf(spec: unknown): string[] {
  try {
    resolveSpec(spec);
  } catch (error) {
    if (error instanceof SpecError) return error.problems.map(problemText);
    throw error;
  }
  return [];
}

describe("bad specs", () => {
  test.each(cases)("$title", ({ spec, problems }) => {
    expect(problemsOf(spec)).toEqual(problems);
  });

  test("there are many, and each has a title of its own", () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
  });
});

test("the error of a spec lists all its problems under its name", () => {
  expect(() => resolveSpec({ threads: 0, header: 1 }, "mine")).toThrow(
    new SpecError("mine", [
      { path: "threads", value: 0, message: "0 is not allowed", fix: "use an integer from 1 to 1024" },
      { path: "header", value: 1, message: "1 is not allowed", fix: "use true or false" },
    ]),
  );
});
