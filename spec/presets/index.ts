import type { PresetName } from "../preset-names.ts";
import type { Spec } from "../schema.ts";
import coarse from "./coarse.ts";
import fastCap0 from "./fast-cap-0.ts";
import flagged from "./flagged.ts";
import guarded from "./guarded.ts";
import hakmem from "./hakmem.ts";
import hotHeap from "./hot-heap.ts";
import shared from "./shared.ts";
import single from "./single.ts";
import tiny from "./tiny.ts";
import tlsList from "./tls-list.ts";
import ultra from "./ultra.ts";
import unifiedCache from "./unified-cache.ts";

export const presets: Readonly<Record<PresetName, Spec>> = {
  single,
  coarse,
  tiny,
  flagged,
  shared,
  guarded,
  hakmem,
  "tls-list": tlsList,
  ultra,
  "unified-cache": unifiedCache,
  "hot-heap": hotHeap,
  "fast-cap-0": fastCap0,
};
