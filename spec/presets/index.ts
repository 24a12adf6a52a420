import type { PresetName } from "../preset-names.ts";
import type { Spec } from "../schema.ts";
import coarse from "./coarse.ts";
import flagged from "./flagged.ts";
import guarded from "./guarded.ts";
import hakmem from "./hakmem.ts";
import shared from "./shared.ts";
import single from "./single.ts";
import tiny from "./tiny.ts";

export const presets: Readonly<Record<PresetName, Spec>> = {
  single,
  coarse,
  tiny,
  flagged,
  shared,
  guarded,
  hakmem,
};
