/** Sinks: where the bytes of a recording go. */
import type { RecordOptions } from "./recording.ts";
import { environment, files, processNumber, zlib } from "./runtime.ts";

/**
 * The path of a file (Node, Bun, Deno), which is compressed where it ends in `.gz`; a function that
 * gets each piece; or a stream.
 */
export type Sink =
  | string
  | ((bytes: Uint8Array<ArrayBuffer>) => unknown)
  | WritableStream<Uint8Array<ArrayBuffer>>;

export interface Outlet {
  /** The bytes are good until the function returns. */
  write(bytes: Uint8Array<ArrayBuffer>): void;
  /** Resolves when everything has arrived. Rejects with what went wrong on the way. */
  close(): Promise<void>;
  /** The same for the end of the process, where nothing can be waited for. */
  closeNow(): void;
}

export function openSink(sink: Sink): Outlet {
  if (typeof sink === "string") return fileOutlet(sink);
  if (typeof sink === "function") return callOutlet(sink);
  return streamOutlet(sink);
}

/** Set by `slabsmith record`: the folder for traces, and whether histograms are wanted. */
export const FOLDER_VARIABLE = "SLABSMITH_RECORD";
export const HISTOGRAM_VARIABLE = "SLABSMITH_RECORD_HISTOGRAM";

/** What `slabsmith record` asks for; undefined where the program runs without it. */
export function commandSink(): { outlet: Outlet; options: RecordOptions } | undefined {
  const folder = environment(FOLDER_VARIABLE);
  if (folder === undefined) return undefined;
  const outlet = fileOutlet(`${folder}/${processNumber()}-${crypto.randomUUID()}.trace`);
  return { outlet, options: { histogram: environment(HISTOGRAM_VARIABLE) !== undefined } };
}

/** Written at once, so that little is lost should the process be killed. */
function fileOutlet(path: string): Outlet {
  const fs = files();
  const compress = zlib()?.gzipSync;
  if (fs === undefined || compress === undefined) {
    throw new Error(
      `recording to the file ${path} needs Node 20.16, Bun or Deno; elsewhere give a function or a WritableStream`,
    );
  }
  const file = fs.openSync(path, "w");
  // Each piece is a member of its own: a file that is cut short can be read up to there.
  const packed = path.endsWith(".gz") ? (bytes: Uint8Array) => compress(bytes) : (bytes: Uint8Array) => bytes;
  const closeNow = () => fs.closeSync(file);
  return {
    write(bytes) {
      const data = packed(bytes);
      for (let offset = 0; offset < data.length; ) offset += fs.writeSync(file, data, offset);
    },
    closeNow,
    close: async () => closeNow(),
  };
}

function callOutlet(sink: (bytes: Uint8Array<ArrayBuffer>) => unknown): Outlet {
  const pieces = new Arrivals();
  return { write: (bytes) => pieces.expect(sink(bytes.slice())), close: () => pieces.all(), closeNow() {} };
}

function streamOutlet(sink: WritableStream<Uint8Array<ArrayBuffer>>): Outlet {
  const writer = sink.getWriter();
  const pieces = new Arrivals();
  return {
    write: (bytes) => pieces.expect(writer.write(bytes.slice())),
    async close() {
      await pieces.all();
      await writer.close();
    },
    closeNow() {},
  };
}

/** Pieces under way: the first failure is kept for the end. */
class Arrivals {
  #last: Promise<unknown> = Promise.resolve();

  expect(piece: unknown): void {
    const before = this.#last;
    this.#last = Promise.resolve(piece).then(() => before);
    this.#last.catch(() => {});
  }

  async all(): Promise<void> {
    await this.#last;
  }
}
