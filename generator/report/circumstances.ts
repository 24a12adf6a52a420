/** Under what circumstances figures were measured, for the foot of a page. */
import type { Machine } from "../../bench/machine.ts";
import { version } from "../version.ts";

export function machineLines(machines: readonly Machine[]): string[] {
  return [
    ...machines.map(
      ({ cpu, cores, platform, node, v8 }) => `${cpu}, ${cores} cores, ${platform}, Node ${node}, V8 ${v8}.`,
    ),
    `slabsmith ${version}, ${new Date().toISOString().slice(0, 10)}.`,
  ];
}
