/** Code frame: the line of a file where something is wrong, and a mark below it. */

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 0, in bytes, as esbuild counts. */
  readonly column: number;
  readonly length?: number;
  readonly lineText: string;
}

/** The frame as text, beginning with a line break; nothing without a place. */
export async function codeFrame(place: Place | undefined | null): Promise<string> {
  if (!place) return "";
  // Loaded late: a spec that is right needs no frame.
  const { formatMessages } = await import("esbuild");
  const [text = ""] = await formatMessages([{ text: "", location: place }], { kind: "error" });
  const [, , , ...frame] = text.trimEnd().split("\n");
  return [`\n    ${place.file}:${place.line}:${place.column + 1}:`, ...frame].join("\n");
}

/** Line (from 1) and column (from 0) of an offset, and the line. */
export function placeAt(file: string, text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  const line = before.length;
  const column = Buffer.byteLength(before[line - 1] as string);
  return { file, line, column, lineText: text.split("\n")[line - 1] as string };
}
