/** The specs that come with the project, by name; each is a file in `presets/`. */
export const presetNames = [
  "single",
  "coarse",
  "tiny",
  "flagged",
  "shared",
  "guarded",
  "hakmem",
  "tls-list",
  "ultra",
  "unified-cache",
  "hot-heap",
  "fast-cap-0",
] as const;

export type PresetName = (typeof presetNames)[number];

export function isPresetName(value: unknown): value is PresetName {
  return (presetNames as readonly unknown[]).includes(value);
}
