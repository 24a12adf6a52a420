/** Bytes as people say them: exact where the number is round. */
export function bytes(count: number): string {
  for (const [unit, size] of [
    ["GiB", 2 ** 30],
    ["MiB", 2 ** 20],
    ["KiB", 2 ** 10],
  ] as const) {
    if (count >= size) return `${count % size === 0 ? count / size : (count / size).toFixed(1)} ${unit}`;
  }
  return `${count} B`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
