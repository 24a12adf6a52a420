/** What `slabsmith ship` does. */
import { join } from "node:path";
import { createProgress } from "../../../bench/progress.ts";
import { loadSpec } from "../../../spec/load-spec.ts";
import { CheckFailed } from "../../check/check-failed.ts";
import { requirePackages } from "../../optional-packages.ts";
import { readFigures } from "../../ship/figures.ts";
import { GateClosed } from "../../ship/gate.ts";
import { type ShipResult, ship } from "../../ship/ship.ts";
import { readShipped } from "../../ship/shipped.ts";
import { MEASURING_PACKAGES } from "../arguments.ts";
import type { ShipFlags } from "../ship.ts";

export async function shipCommand(source: string, flags: ShipFlags): Promise<void> {
  if (flags.against !== undefined) requirePackages("slabsmith ship --against", MEASURING_PACKAGES);
  const resolved = await loadSpec(source);
  const out = flags.out ?? join("shipped", resolved.name);
  const earlier = flags.against === undefined ? undefined : readShipped(flags.against);
  const figures = flags.figures === undefined ? undefined : readFigures(flags.figures, resolved.name);
  const { dryRun = false } = flags;
  try {
    const result = await ship(resolved, { out, dryRun, earlier, figures, progress: createProgress() });
    process.stdout.write(flags.json ? `${JSON.stringify(result, null, 2)}\n` : `${told(result)}\n`);
  } catch (error) {
    if (error instanceof GateClosed) throw new CheckFailed(`not shipped: ${error.message}`);
    throw error;
  }
}

function told({
  package: name,
  version,
  folder,
  bytes,
  files,
  evidence,
  changes,
  speed,
}: ShipResult): string {
  const width = Math.max(...evidence.map(({ gate }) => gate.length));
  const signed = (value: number) => `${value > 0 ? "+" : ""}${value}`;
  const since = changes && [
    `since ${changes.since}: a ${changes.step} step`,
    `  interface: ${changes.api.removed.length} lines gone, ${changes.api.added.length} new; layout ${changes.layout ? "changed" : "as it was"}`,
    `  size: ${signed(changes.bytes.min)} bytes minified, ${signed(changes.bytes.gzip)} gzipped`,
    ...(speed ? [`  speed: ${speed.ratio.toFixed(2)} of the earlier one (${speed.verdict})`] : []),
  ];
  return [
    `${name} ${version}: ${bytes.min} bytes minified, ${bytes.gzip} gzipped`,
    ...evidence.map(({ gate, shown }) => `  ${gate.padEnd(width)}  ${shown}`),
    ...(since ?? []),
    folder === undefined
      ? `dry run: ${files.length} files would be written`
      : `${files.length} files in ${folder}; publish with: npm publish ${folder.startsWith("/") ? folder : `./${folder}`}`,
  ].join("\n");
}
