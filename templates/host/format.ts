/** Figures and leaks as lines of text, for people. */
import { spec } from "../kernel/spec";
import type { HeapStats, Leak } from "./api";

/** The figures of `stats()`, a line each. */
export function formatStats(stats: HeapStats): string {
  const lines: string[] = [];
  addLines(stats, "", lines);
  return lines.join("\n");
}

/** What `leaks()` found, a line for each group. */
export function formatLeaks(leaks: readonly Leak[]): string {
  if (leaks.length === 0) return "no leaks";
  let blocks = 0;
  let bytes = 0;
  for (const leak of leaks) {
    blocks += leak.blocks;
    bytes += leak.bytes;
  }
  const lines = [`${grouped(blocks)} blocks leak, ${grouped(bytes)} bytes`];
  for (const leak of leaks) {
    const by = spec.threads > 1 ? ` by thread ${leak.thread}${leak.hasEnded ? ", which has ended" : ""}` : "";
    lines.push(
      `${grouped(leak.bytes)} bytes in ${grouped(leak.blocks)} blocks of ${grouped(leak.size)}${by}, the first at 0x${leak.first.toString(16)}`,
    );
    if (spec.guards.stacks && leak.stack !== "") lines.push(leak.stack);
  }
  return lines.join("\n");
}

function addLines(value: object, path: string, lines: string[]): void {
  for (const [key, part] of Object.entries(value)) {
    const name = path === "" ? named(key) : `${path}, ${named(key)}`;
    if (typeof part === "object" && part !== null) addLines(part, name, lines);
    else lines.push(`${name}: ${typeof part === "number" ? grouped(part) : part}`);
  }
}

/** "peakCommittedBytes" as words. */
function named(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** 1234567 as 1,234,567. */
function grouped(figure: number): string {
  return String(figure).replace(/\B(?=(\d{3})+$)/g, ",");
}
