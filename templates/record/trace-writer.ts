/** Operations as text: the trace format, version 1. */
import { Kind } from "./event.ts";
import type { Account } from "./history.ts";

/** The bytes are good until the function returns. */
export type Write = (bytes: Uint8Array<ArrayBuffer>) => void;

/** First line of a trace that has a last one, `# end: …`. */
export const HEAD = "# malloc trace v1, recorded by slabsmith";
/** IDs of the format. */
const MAX_IDS = 2 ** 28;
/** The longest line has fewer bytes. */
const LINE_BYTES = 40;
const LONGEST_COMMENT = 4096;
const BUFFER_BYTES = 1 << 16;

const SPACE = 32;
const NEWLINE = 10;
const ZERO = 48;
const LETTERS: Partial<Record<Kind, number>> = {
  [Kind.malloc]: 97,
  [Kind.calloc]: 122,
  [Kind.memalign]: 109,
};
const LETTER_R = 114;
const LETTER_F = 102;
const LETTER_T = 116;

export class TraceWriter implements Account {
  operations = 0;
  blocks = 0;
  readonly #threads = new Set([1]);
  /** A trace begins on thread 1 without saying so. */
  #thread = 1;
  readonly #write: Write;
  readonly #bytes = new Uint8Array(BUFFER_BYTES);
  #end = 0;

  constructor(write: Write) {
    this.#write = write;
    this.#line(HEAD);
  }

  /** A short one. */
  comment(text: string): void {
    this.#line(`# ${text}`);
  }

  thread(thread: number): void {
    if (thread === this.#thread) return;
    this.#thread = thread;
    this.#threads.add(thread);
    this.#begin(LETTER_T);
    this.#number(thread);
    this.#endLine();
  }

  allocate(kind: Kind, size: number, alignment: number): number {
    if (this.blocks === MAX_IDS) return -1;
    const id = this.blocks++;
    this.#begin(LETTERS[kind] as number);
    this.#number(id);
    this.#number(size);
    if (kind === Kind.memalign) this.#number(alignment);
    this.#endLine();
    this.operations++;
    return id;
  }

  reallocate(id: number, size: number): void {
    this.#begin(LETTER_R);
    this.#number(id);
    this.#number(size);
    this.#endLine();
    this.operations++;
  }

  free(id: number): void {
    this.#begin(LETTER_F);
    this.#number(id);
    this.#endLine();
    this.operations++;
  }

  flush(): void {
    if (this.#end > 0) this.#write(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
  }

  get threads(): number {
    return this.#threads.size;
  }

  /** The last line: a trace without it was cut short. */
  end(notes: readonly string[]): void {
    for (const note of notes) this.comment(note);
    this.comment(`end: ids ${this.blocks} ops ${this.operations} threads ${this.threads}`);
    this.flush();
  }

  #line(text: string): void {
    if (this.#end > BUFFER_BYTES - LONGEST_COMMENT) this.flush();
    const { written } = new TextEncoder().encodeInto(`${text}\n`, this.#bytes.subarray(this.#end));
    this.#end += written;
  }

  #begin(letter: number): void {
    if (this.#end > BUFFER_BYTES - LINE_BYTES) this.flush();
    this.#bytes[this.#end++] = letter;
  }

  #number(value: number): void {
    const bytes = this.#bytes;
    let end = this.#end + 2;
    for (let limit = 10; limit <= value; limit *= 10) end++;
    bytes[this.#end] = SPACE;
    this.#end = end;
    let rest = value | 0;
    do {
      const quotient = (rest / 10) | 0;
      bytes[--end] = ZERO + rest - quotient * 10;
      rest = quotient;
    } while (rest > 0);
  }

  #endLine(): void {
    this.#bytes[this.#end++] = NEWLINE;
  }
}
