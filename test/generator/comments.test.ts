/** Comments: of what they say of choices, that part stays which is true of the build. */
import { describe, expect, test } from "vitest";
import { chooseComments } from "../../generator/stages/comments.ts";

/** Asked for `on` and for `off`. */
const holds = (condition: string) => condition === "on";

describe("what a comment says of a choice", () => {
  test.each([
    ["stays where it is on", "/** A. {@when on} B. {@end} C. */\n", "/** A. B. C. */\n"],
    ["goes where it is off", "/** A. {@when off} B. {@end} C. */\n", "/** A. C. */\n"],
    ["has an alternative", "/** {@when off} A {@else} B {@end}. */\n", "/** B. */\n"],
    [
      "may stand in another choice",
      "/** {@when on} A{@when off}, B {@else}, C {@end}. {@else} D. {@end} */\n",
      "/** A, C. */\n",
    ],
    ["may be asked at the end of a line", "/**\n * A. {@when\n * off} B. {@end} C.\n */\n", "/** A. C. */\n"],
    ["leaves no comment without words", "/** {@when off} A. {@end} */\nf();\n", "f();\n"],
    ["leaves no line comment either", "  // {@when off} A. {@end}\n  f();\n", "  f();\n"],
    ["may stand behind code", "const a = 1; // A. {@when off} B. {@end}\n", "const a = 1; // A.\n"],
    [
      "divides no paragraph when it goes",
      "/**\n * A.\n * {@when off} B. {@end}\n * C.\n */\n",
      "/** A. C. */\n",
    ],
    [
      "leaves the paragraphs around it",
      "/**\n * A.\n *\n * {@when off} B. {@end}\n *\n * C.\n */\n",
      "/**\n * A.\n *\n * C.\n */\n",
    ],
    ["is no matter of other comments", "/** A\n *  B. */\n// C\n//  D\n", "/** A\n *  B. */\n// C\n//  D\n"],
  ])("%s", (_, text, chosen) => {
    expect(chooseComments(text, holds)).toBe(chosen);
  });

  test("is filled anew", () => {
    const words = Array.from({ length: 30 }, () => "words").join(" ");
    const lines = chooseComments(`  // ${words} {@when off} gone {@end} ${words}\n`, holds)
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatch(/^ {2}\/\/ words/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(101);
  });
});
