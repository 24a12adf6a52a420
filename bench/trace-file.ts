/** The text of a trace's or a histogram's file, which may be compressed, damaged or cut short. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { fileError } from "../spec/user-error.ts";

export interface TraceFile {
  /** The file's name without what says that it is a trace. */
  readonly name: string;
  readonly text: string;
  /** Why the text is not all that was written; undefined where nothing says so. */
  readonly broken?: string;
}

const GZIP_MAGIC = 0x8b1f;

export function readTraceFile(file: string): TraceFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw fileError(file, `cannot read the trace (${(error as NodeJS.ErrnoException).code})`);
  }
  const name = basename(file).replace(/\.(trace|histogram)(\.gz)?$/, "");
  if (bytes.length < 2 || bytes.readUInt16LE(0) !== GZIP_MAGIC) return { name, text: textOf(bytes) };
  try {
    return { name, text: textOf(gunzipSync(bytes)) };
  } catch {
    return { name, ...unpackedInPart(bytes) };
  }
}

/** What can be unpacked of damaged data: all that lies before the damage. */
function unpackedInPart(bytes: Buffer): { text: string; broken: string } {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (unpackedUpTo(bytes, middle) === undefined) bad = middle;
    else good = middle;
  }
  const broken =
    good === bytes.length ? "the gzip data is cut short" : `the gzip data is damaged at byte ${good}`;
  return { text: textOf(unpackedUpTo(bytes, good) ?? Buffer.alloc(0)), broken };
}

function unpackedUpTo(bytes: Buffer, end: number): Buffer | undefined {
  try {
    return gunzipSync(bytes.subarray(0, end), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return undefined;
  }
}

const textOf = (bytes: Buffer): string => bytes.toString("latin1");
