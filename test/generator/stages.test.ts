import { describe, expect, test } from "vitest";
import { fold } from "../../generator/stages/fold.ts";
import { format } from "../../generator/stages/format.ts";
import { inline } from "../../generator/stages/inline.ts";
import { LOCAL_NEEDS, lowerLocal, lowerShared } from "../../generator/stages/lower.ts";
import { place } from "../../generator/stages/place.ts";
import { declarationsOf, type Program } from "../../generator/stages/program.ts";
import { select } from "../../generator/stages/select.ts";
import { splice } from "../../generator/stages/splice.ts";
import { tidy } from "../../generator/stages/tidy.ts";
import { type Fixture, fixturesOf } from "./fixtures.ts";

const ROOTS = { names: ["root"], implied: LOCAL_NEEDS };

const STAGES: Record<string, (fixture: Fixture) => string> = {
  fold: ({ program, spec }) =>
    print(fold(program, { spec, allFields: "allFields" in spec }, namesIn(program))),
  select: ({ program, spec }) => print(select(fold(program, { spec, allFields: false }, ["root"]), ROOTS)),
  tidy: ({ program }) => print(tidy(program, ROOTS.names)),
  inline: ({ program }) => print(inline(program)),
  splice: ({ program }) => print(splice(program)),
  lower: ({ program, name }) => print((name === "shared" ? lowerShared : lowerLocal)(program)),
  place: ({ program, spec }) => {
    const { moduleLevel, heap } = place(program, {
      form: "closure",
      create: "createHeap",
      exports: ["createHeap", "attachHeap"],
      extra: [],
      ...spec,
    });
    return `${moduleLevel}\n\n${heap}`;
  },
};

describe.each(Object.keys(STAGES))("%s", (stage) => {
  test.each(fixturesOf(stage))("$name", (fixture) => {
    expect(outcome(() => STAGES[stage]!(fixture))).toBe(format(fixture.expected));
  });
});

/** What a stage prints, laid out; or, as a comment, what it fails with. */
function outcome(run: () => string): string {
  try {
    return format(run());
  } catch (error) {
    return format(`// ${(error as Error).message}\n`);
  }
}

function namesIn(program: Program): string[] {
  return [...declarationsOf(program).values.keys()];
}

function print({ modules }: Program): string {
  return modules.map(({ text }) => text).join("\n");
}
