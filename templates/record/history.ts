/** History: events, in order, become operations on named blocks. */
import { BlockNames } from "./block-names.ts";
import { Kind } from "./event.ts";

/** Sizes of the format; heaps may give larger blocks. */
const MAX_SIZE = 2 ** 31 - 1;

/** What is told of a history. A block's name is what `allocate` returned, from 0 on. */
export interface Operations {
  /** The calls that follow are this thread's. */
  thread(thread: number): void;
  /**
   * A new block, from `malloc`, `calloc`, or `memalign` with its alignment. -1 where no name is
   * left.
   */
  allocate(kind: Kind, size: number, alignment: number): number;
  reallocate(block: number, size: number): void;
  free(block: number): void;
}

/** Somebody who is told a history and makes a file of it. */
export interface Account extends Operations {
  readonly operations: number;
  readonly blocks: number;
  readonly threads: number;
  /** The history is over: writes what is left, and notes as comments. */
  end(notes: readonly string[]): void;
}

/** What happened that a trace cannot say. */
export interface Oddities {
  /** Frees of addresses at which no recorded block lay. They are left out. */
  unknownFrees: number;
  /** Blocks whose free nobody recorded: their address was given out again. */
  missedFrees: number;
  /** Blocks of 2 GiB and more, and those beyond the 2^28 that a trace can name. */
  leftOut: number;
}

/** Oddities in words. */
export function notesOn({ unknownFrees, missedFrees, leftOut }: Oddities): string[] {
  return [
    [unknownFrees, "frees of blocks that the recording did not see allocated"],
    [missedFrees, "blocks whose free the recording did not see"],
    [leftOut, "blocks that the format cannot name: too large or too many"],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`note: ${count} ${what}`]));
}

export class History {
  readonly oddities: Oddities = { unknownFrees: 0, missedFrees: 0, leftOut: 0 };
  readonly #operations: Operations;
  readonly #names = new BlockNames();
  /** Per thread: the block that its realloc is at, and where it lay. */
  readonly #moving: number[] = [];
  readonly #movingFrom: number[] = [];
  /** Per thread: the alignment that its memalign asks for. */
  readonly #alignment: number[] = [];

  constructor(operations: Operations) {
    this.#operations = operations;
  }

  /** Blocks that are live now, in the order of their names. */
  liveBlocks(): { readonly address: number; readonly name: number }[] {
    return [...this.#names.entries()].sort((a, b) => a.name - b.name);
  }

  event(thread: number, kind: number, address: number, size: number): void {
    switch (kind) {
      case Kind.malloc:
      case Kind.calloc:
        this.#allocate(thread, kind, address, size, 0);
        break;
      case Kind.alignment:
        this.#alignment[thread] = size;
        break;
      case Kind.memalign:
        this.#allocate(thread, kind, address, size, this.#alignment[thread] ?? 0);
        break;
      case Kind.free:
        this.#free(thread, this.#names.take(address));
        break;
      case Kind.reallocFrom:
        this.#moving[thread] = this.#names.take(address);
        this.#movingFrom[thread] = address;
        break;
      case Kind.reallocTo:
        this.#reallocate(thread, address, size);
        break;
      case Kind.reset:
        for (const { name } of this.#names.entries()) this.#free(thread, name);
        this.#names.clear();
        break;
    }
  }

  #allocate(thread: number, kind: Kind, address: number, size: number, alignment: number): void {
    this.#operations.thread(thread);
    this.#vacate(address);
    const name = size > MAX_SIZE ? -1 : this.#operations.allocate(kind, size, alignment);
    if (name < 0) this.oddities.leftOut++;
    else this.#names.give(address, name);
  }

  /** A block that is named at the address still was freed unseen. */
  #vacate(address: number): void {
    const before = this.#names.take(address);
    if (before < 0) return;
    this.oddities.missedFrees++;
    this.#operations.free(before);
  }

  #free(thread: number, name: number): void {
    if (name < 0) {
      this.oddities.unknownFrees++;
      return;
    }
    this.#operations.thread(thread);
    this.#operations.free(name);
  }

  #reallocate(thread: number, address: number, size: number): void {
    const name = this.#moving[thread] ?? -1;
    if (address === 0) {
      // The call failed, and the old block is where it was.
      if (name >= 0) this.#names.give(this.#movingFrom[thread] as number, name);
    } else if (name < 0) {
      this.#allocate(thread, Kind.malloc, address, size, 0);
    } else if (size > MAX_SIZE) {
      this.oddities.leftOut++;
      this.#free(thread, name);
    } else {
      this.#operations.thread(thread);
      this.#vacate(address);
      this.#operations.reallocate(name, size);
      this.#names.give(address, name);
    }
  }
}
