/** Memory map: the regions of a heap as a box, addresses beside it. */

export interface Region {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly note: string;
}

export function drawMemoryMap(regions: readonly Region[]): string[] {
  const names = Math.max(...regions.map(({ name }) => name.length));
  const notes = Math.max(...regions.map(({ note }) => note.length));
  const width = names + notes + 4;
  const lines = [`            ┌${"─".repeat(width)}┐`];
  regions.forEach(({ name, from, to, note }, index) => {
    if (index > 0) lines.push(`            ├${"─".repeat(width)}┤`);
    lines.push(`${address(from)}  │ ${name.padEnd(names)}  ${note.padEnd(notes)} │ ${size(to - from)}`);
  });
  lines.push(`${address(regions.at(-1)?.to ?? 0)}  └${"─".repeat(width)}┘`);
  return lines;
}

function address(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

function size(bytes: number): string {
  if (bytes >= 1 << 20) return `${Math.round((bytes / (1 << 20)) * 10) / 10} MiB`;
  if (bytes >= 1 << 10) return `${Math.round((bytes / (1 << 10)) * 10) / 10} KiB`;
  return `${bytes} B`;
}
