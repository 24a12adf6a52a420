import { nearest } from "./nearest.ts";
import { isPresetName, presetNames } from "./preset-names.ts";
import { presets } from "./presets/index.ts";
import { type Choices, choicesSchema } from "./schema.ts";
import { shapeProblems } from "./shape-problems.ts";
import { type Problem, SpecError, show } from "./spec-error.ts";

/** Choices of a variant that has a name. */
export type NamedChoices = Choices & { name: string };

/** Fills in preset and defaults, and checks every choice by itself; whether they fit together is asked later. */
export function parseSpec(input: unknown, fallbackName: string): NamedChoices {
  const problems: Problem[] = [];
  const merged = overPreset(input, problems);
  const parsed = choicesSchema.safeParse(merged);
  if (!parsed.success) problems.push(...shapeProblems(parsed.error.issues, merged));
  if (problems.length > 0 || !parsed.success) throw new SpecError(fallbackName, problems);
  return { ...parsed.data, name: parsed.data.name ?? fallbackName };
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
function merge(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over;
  const merged = { ...base };
  for (const [key, value] of Object.entries(over))
    merged[key] = key in base ? merge(base[key], value) : value;
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
