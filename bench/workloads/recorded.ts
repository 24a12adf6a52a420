/** The traces that come with the project. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readTrace, type Trace } from "../trace.ts";

const FOLDER = fileURLToPath(new URL("../traces/", import.meta.url));
const SUFFIX = ".trace.gz";

export const TRACE_NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .sort();

export function recordedTrace(name: string): Trace {
  return readTrace(`${FOLDER}${name}${SUFFIX}`);
}
