/** The file in which `preload.c` leaves the events of a process. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { KIND_MASK, Kind } from "../../../templates/record/event.ts";
import type { History } from "../../../templates/record/history.ts";
import { FIRST_TICKET, type Source } from "../../../templates/record/merge.ts";

const MAGIC = "slabsmith events";
const CHUNK_BYTES = 1 << 18;
const EVENT_BYTES = 24;
const EVENT_WORDS = EVENT_BYTES / 4;
const CHUNK_EVENTS = Math.floor(CHUNK_BYTES / EVENT_BYTES) - 1;
/** So many are in memory. Most threads have few. */
const PIECE_EVENTS = 512;
/** Byte offsets in the head. */
const PID = 16;
const STARTED = 24;
const FORK_TICKET = 32;
const PARENT = 40;
const COMMAND = 296;
const COMMAND_END = COMMAND + 2048;
/** Threads of the trace format. */
const MOST_THREADS = 65_535;

export class EventFile {
  readonly pid: number;
  /** Nanoseconds since 1970. */
  readonly started: bigint;
  /** Of a forked process: the name of its parent's file, and the first ticket after the fork. */
  readonly parent: string;
  readonly forkTicket: number;
  readonly command: string;
  readonly #file: number;
  readonly #chunks: number;

  /** Undefined where the process died before it had a head. */
  static open(path: string): EventFile | undefined {
    const file = openSync(path, "r");
    const head = Buffer.alloc(CHUNK_BYTES);
    readSync(file, head, 0, CHUNK_BYTES, 0);
    if (head.toString("latin1", 0, MAGIC.length) === MAGIC) return new EventFile(file, head);
    closeSync(file);
    return undefined;
  }

  private constructor(file: number, head: Buffer) {
    const text = (from: number, to: number) => head.toString("utf8", from, to);
    this.pid = Number(head.readBigUInt64LE(PID));
    this.started = head.readBigUInt64LE(STARTED);
    this.forkTicket = Number(head.readBigUInt64LE(FORK_TICKET));
    this.parent = text(PARENT, COMMAND).replace(/\0.*$/s, "");
    this.command = text(COMMAND, COMMAND_END).replace(/\0+$/, "").replaceAll("\0", " ");
    this.#file = file;
    this.#chunks = Math.ceil(fstatSync(file).size / CHUNK_BYTES);
  }

  /** The events of each thread, from the first on. */
  sources(): Source[] {
    const chunks = new Map<number, number[]>();
    const word = Buffer.alloc(8);
    for (let index = 1; index < this.#chunks; index++) {
      readSync(this.#file, word, 0, 8, index * CHUNK_BYTES);
      const thread = Number(word.readBigUInt64LE());
      if (thread === 0) continue;
      const own = chunks.get(thread);
      if (own === undefined) chunks.set(thread, [index]);
      else own.push(index);
    }
    return [...chunks].map(([thread, own]) => new ChunkSource(this.#file, thread, own));
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** A thread's chunks, of which a piece is in memory. */
class ChunkSource implements Source {
  ticket = 0;
  readonly #file: number;
  readonly #thread: number;
  readonly #chunks: Iterator<number>;
  #chunk: number | undefined;
  /** Place of the next event in its chunk. */
  #index = 0;
  readonly #words = new Uint32Array(PIECE_EVENTS * EVENT_WORDS);
  /** Place of the first event in memory. */
  #first = 0;

  constructor(file: number, thread: number, chunks: readonly number[]) {
    this.#file = file;
    this.#thread = ((thread - 1) % MOST_THREADS) + 1;
    this.#chunks = chunks.values();
    this.#nextChunk();
  }

  tell(history: History): void {
    const at = this.#at;
    const kind = (this.#words[at] as number) & KIND_MASK;
    const address = this.#number(at) - kind;
    const size = this.#inverse(at + 2);
    // C libraries round an alignment up that is no power of two.
    history.event(this.#thread, kind, address, kind === Kind.alignment ? powerOfTwo(size) : size);
    this.#goTo(this.#index + 1);
  }

  get #at(): number {
    return (this.#index - this.#first) * EVENT_WORDS;
  }

  #goTo(index: number): void {
    this.#index = index;
    if (index === this.#first + PIECE_EVENTS) this.#load();
    this.ticket = index < CHUNK_EVENTS ? this.#number(this.#at + 4) : 0;
    // A thread leaves the rest of a chunk empty where it began another one.
    if (this.ticket < FIRST_TICKET) this.#nextChunk();
  }

  #nextChunk(): void {
    this.ticket = 0;
    this.#chunk = this.#chunks.next().value;
    if (this.#chunk === undefined) return;
    this.#index = 0;
    this.#load();
    this.#goTo(0);
  }

  /** Events from the next one on. */
  #load(): void {
    this.#first = this.#index;
    this.#words.fill(0);
    const start = (this.#chunk as number) * CHUNK_BYTES + (1 + this.#index) * EVENT_BYTES;
    readSync(this.#file, this.#words, 0, this.#words.byteLength, start);
  }

  #number(at: number): number {
    return (this.#words[at + 1] as number) * 2 ** 32 + (this.#words[at] as number);
  }

  #inverse(at: number): number {
    return (~(this.#words[at + 1] as number) >>> 0) * 2 ** 32 + (~(this.#words[at] as number) >>> 0);
  }
}

const powerOfTwo = (size: number): number => 2 ** Math.ceil(Math.log2(Math.max(size, 1)));
