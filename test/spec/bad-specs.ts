/**
 * Cases of `bad-specs.txt`: a title, the spec as JSON, and the problems it must be answered with.
 */
import { readFileSync } from "node:fs";

export interface BadSpec {
  readonly title: string;
  readonly spec: unknown;
  readonly problems: readonly string[];
}

export function readBadSpecs(): BadSpec[] {
  const text = readFileSync(new URL("./bad-specs.txt", import.meta.url), "utf8");
  return text
    .split(/^# /m)
    .slice(1)
    .map((block) => {
      const [title, spec, ...problems] = block
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("="));
      return { title, spec: JSON.parse(spec), problems: problems.map((line) => line.trim()) };
    });
}
