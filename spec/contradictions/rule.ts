/** A rule says what does not fit together in a spec, with both sides and the way out. */
import type { Choices } from "../schema.ts";

/** Path, message, way out. */
export type Finding = readonly [path: string, message: string, fix: string];
export type Rule = (spec: Choices) => Iterable<Finding>;
