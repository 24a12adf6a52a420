/**
 * Comments: what they say of choices that a build did not make goes. `{@when condition} … {@end}`
 * in a comment holds where the condition does; `{@else}` may stand in between. The condition is any
 * constant expression of the kernel's. A comment with choices is filled anew; one with nothing left
 * goes.
 */

import { fill } from "../fill.ts";

/** Whether a condition holds, or is left to run time. */
export type Holds = (condition: string) => boolean;

/** Columns that a comment is filled to, before what holds it is indented. */
const COLUMNS = 96;

/** Innermost first, so that they may stand in one another. */
const CHOICE = /\{@when\s+([^}]+)\}((?:(?!\{@when\s)[\s\S])*?)\{@end\}/;

/** Text with its choices made. */
export function chosenText(text: string, holds: Holds): string {
  let chosen = text;
  for (let found = CHOICE.exec(chosen); found !== null; found = CHOICE.exec(chosen)) {
    const [whole, condition, inside] = found as unknown as [string, string, string];
    const [then, otherwise = ""] = inside.split("{@else}");
    const kept = (holds(condition.replace(/\s+/g, " ").trim()) ? then! : otherwise).trim();
    const before = chosen.slice(0, found.index);
    let behind = chosen.slice(found.index + whole.length);
    // Nothing is left where it stood: no gap, and no empty line, which would divide a paragraph.
    if (kept === "" && /(^|\s)$/.test(before)) behind = behind.replace(/^[ \n]/, "");
    chosen = before + kept + behind;
  }
  return chosen;
}

/** A build's text with the choices made in all its comments. */
export function chooseComments(text: string, holds: Holds): string {
  return text
    .replace(/^([ \t]*)\/\*\*[\s\S]*?\*\/\n/gm, (comment, indent: string) =>
      isChoosing(comment) ? printed(block(comment), holds, indent, "block") : comment,
    )
    .replace(/(?:^[ \t]*\/\/ .*\n|^[ \t]*\/\/\n)+/gm, (comment) => {
      const indent = /^[ \t]*/.exec(comment)![0];
      return isChoosing(comment) ? printed(lines(comment), holds, indent, "lines") : comment;
    })
    .replace(/[ \t]*\/\/ .*\{@when .*$/gm, (comment) =>
      chosenText(comment, holds)
        .trimEnd()
        .replace(/\s*\/\/$/, ""),
    );
}

function isChoosing(comment: string): boolean {
  return /\{@when\s/.test(comment);
}

/** The words of a block comment. */
function block(comment: string): string {
  return comment
    .trim()
    .slice(3, -2)
    .replace(/^[ \t]*\* ?/gm, "")
    .trim();
}

/** The words of a group of line comments. */
function lines(comment: string): string {
  return comment.replace(/^[ \t]*\/\/ ?/gm, "").trim();
}

function printed(text: string, holds: Holds, indent: string, style: "block" | "lines"): string {
  const paragraphs = chosenText(text, holds)
    .split(/\n[ \t]*\n/)
    .map((paragraph) => fill(glued(paragraph), COLUMNS - indent.length).join("\n"))
    .filter((paragraph) => paragraph !== "")
    .join("\n\n");
  if (paragraphs === "") return "";
  const all = paragraphs.split("\n");
  if (style === "lines") return `${all.map((line) => `${indent}// ${line}`.trimEnd()).join("\n")}\n`;
  if (all.length === 1) return `${indent}/** ${all[0]} */\n`;
  return `${indent}/**\n${all.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

/** What stood before a punctuation mark may have gone. */
function glued(text: string): string {
  return text.replace(/\s+([.,;:)])/g, "$1");
}
