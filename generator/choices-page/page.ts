/** `docs/choices.md`: every choice of a spec, with its default, meaning, conflicts and cost. */
import { bytes } from "../explain/units.ts";
import { fill } from "../fill.ts";
import { type Choice, type Section, sections } from "./choices.ts";
import { type Conflict, choiceOf, findConflicts } from "./conflicts.ts";
import type { Cost, Costs } from "./costs.ts";

const WIDTH = 100;

const head = `# Choices

This page lists every choice of a spec. A program makes it from the schema of a spec and from the
rules about what fits together. Two commands renew it:

\`\`\`sh
npx vitest run --config test/vitest.config.ts test/docs/choices.test.ts -u # the text
npx tsx generator/choices-page/renew.ts # the text and the costs; takes minutes
\`\`\`

How to read it:

* A spec is an object. The name \`memory.kind\` means \`{ memory: { kind: … } }\`.
* A number of bytes may have a unit, as in \`"64 MiB"\`. The units are B, KiB, MiB and GiB.
* F2 and the like are systems; [systems.md](systems.md) explains them.
* **Cost** compares two builds that differ in this choice only. It counts the bytes of the minified
  module, its bytes after gzip, and the bytes of metadata in one heap of the default size. The name
  in parentheses is the spec that both builds start from. Time is not part of it:
  \`slabsmith matrix SPEC --axis …\` measures time.
* **Conflict** shows a setting that slabsmith refuses, the answer it gives, and the way out. All
  other choices have their defaults. A program found the conflicts: it tried every pair of values.
* **See also** names the choices where other conflicts with this choice are told.
`;

export function choicesPage(costs: Costs): string {
  const all = sections();
  const choices = all.flatMap((section) => section.choices);
  const conflicts = findConflicts(choices);
  const write = (choice: Choice) => choiceText(choice, choices, conflicts, costs[choice.path] ?? []);
  const parts = all.map(({ name, meaning, choices }) =>
    [...heading(name, meaning), ...choices.map(write)].join("\n"),
  );
  return [head, ...parts].join("\n");
}

function heading(name: Section["name"], meaning: string): string[] {
  return name === "" ? [`## ${meaning}\n`] : [`## \`${name}\`\n`, `${wrap(`${meaning}.`)}\n`];
}

function choiceText(
  choice: Choice,
  choices: readonly Choice[],
  conflicts: readonly Conflict[],
  costs: readonly Cost[],
): string {
  return [
    `### \`${choice.path}\`\n`,
    `${wrap(`${capitalised(choice.meaning)}.`)}\n`,
    item(`Default: ${standardText(choice)}. Allowed: ${allowedText(choice)}.`),
    ...costs.map((cost) => item(`Cost: ${costText(cost, choice)}`)),
    ...conflictItems(choice, choices, conflicts),
    "",
  ].join("\n");
}

function standardText(choice: Choice): string {
  if (choice.path === "sizeClasses") return "the choices below, as by default";
  if (choice.standard === undefined) return choice.meaning.includes("default") ? "see above" : "none";
  return valueText(choice.standard, choice);
}

function allowedText(choice: Choice): string {
  const { shape, isSwitch, path } = choice;
  if (isSwitch) return "`false`, or an object of the choices below";
  if (path === "sizeClasses") return "a list of 1 to 255 sizes, or an object of the choices below";
  if (shape.enum !== undefined) return shape.enum.map((value) => valueText(value, choice)).join(", ");
  switch (shape.type) {
    case "boolean":
      return "`true`, `false`";
    case "integer":
      return integerText(choice);
    case "number":
      return "a number above 0";
    case "array":
      return "a list of block sizes in bytes";
    case "object":
      return 'an object such as `{ "128": 64 }`';
    default:
      return path === "ship.version" ? "a version such as `1.0.0`" : "a name";
  }
}

function integerText(choice: Choice): string {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = choice.shape;
  if (maximum === Number.MAX_SAFE_INTEGER) return `an integer of at least ${minimum}`;
  return `an integer from ${minimum} to ${grouped(maximum)}`;
}

/** Bytes are told by units where they are many. */
function valueText(value: unknown, { path, shape }: Choice): string {
  const isBytes = shape.bytes === true || /Bytes$|\.(last|growAtMost|fillFrom|copyFrom)$/.test(path);
  if (isBytes && typeof value === "number" && value >= 1024) return bytes(value);
  return `\`${JSON.stringify(value)}\``;
}

/** An object is shown by what it switches on. */
function settingText(value: unknown): string {
  return JSON.stringify(value) === "{}" ? "on" : value === false ? "false" : JSON.stringify(value);
}

function costText({ value, insteadOf, base, min, gzip, metadata }: Cost, { isSwitch }: Choice): string {
  const shown = (each: unknown) => (isSwitch ? (each === false ? "off" : "on") : settingText(each));
  const change = (count: number) => (count > 0 ? `+${grouped(count)}` : grouped(count).replace("-", "−"));
  return (
    `\`${shown(value)}\` instead of \`${shown(insteadOf)}\`: ${change(min)} bytes, ` +
    `${change(gzip)} gzipped, ${change(metadata)} of metadata (${base}).`
  );
}

/**
 * Told in full at the choice that the answer blames; the other choices of the conflict refer to it.
 */
function conflictItems(
  { path }: Choice,
  choices: readonly Choice[],
  conflicts: readonly Conflict[],
): string[] {
  const own = conflicts.filter((conflict) => ownerOf(conflict) === path);
  const elsewhere = conflicts
    .filter((conflict) => ownerOf(conflict) !== path && concerns(conflict, choices).has(path))
    .map(ownerOf);
  return [
    ...own.map((conflict) => item(conflictText(conflict))),
    ...(elsewhere.length === 0 ? [] : [item(`See also: ${links(elsewhere)}.`)]),
  ];
}

const ownerOf = ({ path }: Conflict) => choiceOf(path);

function conflictText({ setting, message, fix }: Conflict): string {
  const settings = setting.map(([path, value]) => `\`${path}: ${settingText(value)}\``);
  return `Conflict: ${settings.join(" with ")}. ${capitalised(message)}. Way out: ${fix}.`;
}

/** Names of choices stay as they are written. */
function capitalised(text: string): string {
  return /^[a-z]+ /.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
}

/** Choices that are set in a conflict, or named in its text. */
function concerns({ setting, message, fix }: Conflict, choices: readonly Choice[]): Set<string> {
  const words = new Set(`${message} ${fix}`.match(/[a-zA-Z][\w.]*\w/g));
  const named = choices.map(({ path }) => path).filter((path) => path.includes(".") && words.has(path));
  return new Set([...setting.map(([path]) => path), ...named]);
}

function links(paths: readonly string[]): string {
  const anchors = [...new Set(paths)].map(
    (path) => `[\`${path}\`](#${path.toLowerCase().replaceAll(".", "")})`,
  );
  return anchors.join(", ");
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

function item(text: string): string {
  return wrap(text, "* ");
}

/**
 * Lines of at most `WIDTH` characters; the first one begins with a mark, the others are indented as
 * far.
 */
function wrap(text: string, mark = ""): string {
  const [first, ...rest] = fill(text, WIDTH - mark.length);
  return [`${mark}${first}`, ...rest.map((line) => " ".repeat(mark.length) + line)].join("\n");
}
