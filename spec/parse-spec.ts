import { inBytes } from "./bytes.ts";
import { nearest } from "./nearest.ts";
import { isPresetName, presetNames } from "./preset-names.ts";
import { presets } from "./presets/index.ts";
import { type Choices, choicesSchema } from "./schema.ts";
import { shapeProblems } from "./shape-problems.ts";
import { type Problem, show } from "./spec-error.ts";

/** Choices of a variant that has a name. */
export type NamedChoices = Omit<Choices, "ship"> & { name: string };

export interface ParsedSpec {
  /** With the default in place of whatever is wrong; absent where nothing is right. */
  readonly spec?: NamedChoices;
  /** What the package is to be that is made of it. */
  readonly ship?: Choices["ship"];
  readonly problems: readonly Problem[];
  /** Paths of choices whose value nobody knows, because what was written is wrong. */
  readonly unknown: ReadonlySet<string>;
}

/**
 * Fills in preset and defaults, and checks every choice by itself; whether they fit together is
 * asked later.
 */
export function parseSpec(input: unknown, fallbackName: string): ParsedSpec {
  const problems: Problem[] = [];
  const unknown = new Set<string>();
  const merged = inBytes(overPreset(input, problems));
  const parts = ({ name = fallbackName, ship, ...choices }: Choices) => ({
    spec: { ...choices, name },
    ...(ship && { ship }),
  });
  const parsed = choicesSchema.safeParse(merged);
  if (parsed.success) return { ...parts(parsed.data), problems, unknown };

  let right = merged;
  for (const { meant, ...problem } of shapeProblems(parsed.error.issues, merged)) {
    problems.push(problem);
    const { rest, removed } = without(right, problem.path.split("."));
    right = rest;
    unknown.add(removed.join("."));
    if (meant !== undefined) unknown.add(meant);
  }
  const again = choicesSchema.safeParse(right);
  return { ...(again.success && parts(again.data)), problems, unknown };
}

/**
 * A spec without what stands at a path; of a list nothing is left, for its other members mean
 * nothing without that one.
 */
function without(
  spec: unknown,
  [key = "", ...path]: readonly string[],
): { rest: unknown; removed: string[] } {
  if (!isRecord(spec)) return { rest: spec, removed: [] };
  const { [key]: value, ...others } = spec;
  if (path.length === 0 || !isRecord(value)) return { rest: others, removed: [key] };
  const inner = without(value, path);
  return { rest: { ...others, [key]: inner.rest }, removed: [key, ...inner.removed] };
}

/** The spec laid over the preset it extends. */
function overPreset(input: unknown, problems: Problem[]): unknown {
  if (!isRecord(input)) return input;
  const { $schema: _, extends: preset, ...own } = input;
  if (preset === undefined) return own;
  if (isPresetName(preset)) return merge(overPreset(presets[preset], problems), own);
  problems.push({ path: "extends", value: preset, ...unknownPreset(preset) });
  return own;
}

/** What to say about a preset's name that is none. */
export function unknownPreset(name: unknown): Pick<Problem, "message" | "fix"> {
  const close = typeof name === "string" ? nearest(name, presetNames) : undefined;
  const known = presetNames.join(", ");
  return {
    message: `there is no preset ${show(name)}`,
    fix: close ? `did you mean ${close}? The presets are ${known}` : `the presets are ${known}`,
  };
}

/** Objects are merged key by key; anything else, lists too, is replaced as a whole. */
export function merge(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over;
  const merged = { ...base };
  for (const [key, value] of Object.entries(over))
    merged[key] = key in base ? merge(base[key], value) : value;
  return merged;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
