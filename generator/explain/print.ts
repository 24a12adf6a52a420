/** An explanation as text for a terminal. */
import pc from "picocolors";
import { show } from "../../spec/spec-error.ts";
import { drawMemoryMap } from "../stages/memory-map.ts";
import type { ChoiceCost } from "./choice-costs.ts";
import type { Explanation } from "./explain.ts";
import type { Metadata } from "./metadata.ts";
import { bytes, percent } from "./units.ts";
import type { WasteReport } from "./waste.ts";
import type { Step } from "./way.ts";

export function printExplanation({ spec: resolved, waste, way, metadata, costs }: Explanation): string {
  const { spec, kernel } = resolved;
  const { geometry, memory } = spec;
  return [
    `${pc.bold(resolved.name)} ${resolved.hash}: ${resolved.lowering}, ${resolved.form} form`,
    `${bytes(memory.maxBytes)} ${memory.kind} from address ${memory.baseBytes}; ${kernel.threads} thread${kernel.threads > 1 ? "s" : ""}; ` +
      `blocks aligned to ${spec.alignment} bytes, ${spec.header ? `headers of ${kernel.headerBytes}` : "no headers"}`,
    `SuperSlabs of ${bytes(geometry.superSlabBytes)}, slabs of ${bytes(geometry.slabBytes)}, pages of ${bytes(geometry.pageBytes)}`,
    ...section("Size classes", [...classTable(waste), "", ...wasteTotals(waste)]),
    ...section("Memory map", [
      ...drawMemoryMap(metadata.regions).map((line) => `  ${line}`),
      "",
      ...metadataTotals(metadata),
    ]),
    ...section("Limits", limits(resolved, waste)),
    ...section("malloc tries, in order", way.malloc.map(step)),
    ...section("free takes a block", way.free.map(step)),
    ...(costs.length > 0 ? section("What a choice costs, in bytes", costTable(costs)) : []),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return ["", pc.bold(title), ...lines];
}

/** What a request may cost beyond its own bytes, and how the memory grows. */
function limits({ spec, kernel }: Explanation["spec"], { pageRuns }: WasteReport): string[] {
  const page = spec.geometry.pageBytes;
  const lines = [
    `  a request above ${kernel.maxClassBytes} bytes takes whole pages: up to ${bytes(page)} more than it asked for, ` +
      `${percent(pageRuns.worst)} of its block at worst (${pageRuns.worstSize} bytes)`,
  ];
  if (spec.header) {
    lines.push(
      `  memalign above ${spec.alignment} takes whole pages too, ${bytes(page)} at least: a header lies before each block`,
    );
  }
  if (kernel.memory.kind === "growable") {
    lines.push(
      `  the memory grows by half of its length at a time, by ${bytes(spec.geometry.superSlabBytes)} at least ` +
        `and ${bytes(Math.max(spec.memory.growAtMost, spec.geometry.superSlabBytes))} at most`,
    );
  }
  return lines;
}

function step({ id, text }: Step): string {
  return `  ${pc.dim(id.padEnd(3))} ${text}`;
}

/** Rows of which more would not fit a screen: the table goes on beside them. */
const MAX_ROWS = 36;

function classTable({ classes }: WasteReport): string[] {
  const head = ["class", "block", "pages", "blocks", "tail", "worst", "mean"];
  const rows = classes.map((c) => [
    String(c.index),
    String(c.blockBytes),
    String(c.slabPages),
    String(c.blocksPerSlab),
    String(c.tailBytes),
    percent(c.worst),
    percent(c.mean),
  ]);
  const height = Math.ceil(rows.length / Math.ceil(rows.length / MAX_ROWS));
  const print = (cells: readonly string[]) => cells.map((cell) => cell.padStart(7)).join("");
  const lines = rows.slice(0, height).map((_, line) => {
    const beside = rows.filter((_, row) => row % height === line);
    return beside.map((row) => print(row)).join("   ");
  });
  const heads = Math.ceil(rows.length / height);
  return [pc.dim(Array(heads).fill(print(head)).join("   ")), ...lines];
}

function wasteTotals({ pageRuns, from128 }: WasteReport): string[] {
  const runs = `${pageRuns.fromSize} … ${pageRuns.toSize} bytes`;
  return [
    `  page runs for ${runs}: worst ${percent(pageRuns.worst)} (a request of ${pageRuns.worstSize}), mean ${percent(pageRuns.mean)}`,
    `  every size from 128 to ${pageRuns.toSize}: worst ${percent(from128.worst)} (a request of ${from128.worstSize}), mean ${percent(from128.mean)}`,
  ];
}

function metadataTotals(metadata: Metadata): string[] {
  const { bytesPerSlab, bytesPerSuperSlab, bytesPerThread, bytesPerHeap, bytesPerPage, regions } = metadata;
  const share = bytesPerHeap / (regions[regions.length - 1].to - regions[0].from);
  return [
    `  metadata: ${bytesPerPage} bytes per page, ${bytesPerSlab} per slab, ${bytesPerSuperSlab} per SuperSlab, ` +
      `${bytesPerThread} per thread; ${bytes(bytesPerHeap)} per heap (${percent(share)})`,
  ];
}

function costTable(costs: readonly ChoiceCost[]): string[] {
  const difference = (count: number) => (count > 0 ? `+${count}` : String(count)).padStart(10);
  const row = (choice: string, cells: readonly string[]) => `  ${choice.padEnd(64)}${cells.join("")}`;
  return [
    pc.dim(
      row(
        "",
        ["min", "gzip", "metadata"].map((cell) => cell.padStart(10)),
      ),
    ),
    ...costs.map(({ path, value, insteadOf, min, gzip, metadata }) =>
      row(
        `${path} ${shortly(value)} instead of ${shortly(insteadOf)}`,
        [min, gzip, metadata].map(difference),
      ),
    ),
  ];
}

function shortly(value: unknown): string {
  if (value === undefined) return "as by default";
  return typeof value === "object" ? "{ … }" : show(value);
}
