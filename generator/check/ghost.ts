/**
 * Ghost state: what must be true of the heap, kept beside it. A block is handed out once, live
 * blocks do not overlap, what is freed is live, and what a thread wrote into its block is there
 * until it gives the block up.
 */
import type { Port } from "./port.ts";
import { Violation } from "./violation.ts";

export interface LiveBlock {
  readonly name: string;
  readonly ptr: number;
  readonly usable: number;
}

/** Stands for "the user's own code" where sites of the kernel are told. */
export const USER_SITE = -1;

export class Ghost {
  readonly live = new Map<string, LiveBlock>();

  reset(): void {
    this.live.clear();
  }

  /** The heap has handed a block out. Its user writes into it. */
  admit(port: Port, name: string, ptr: number, size: number, usable: number): void {
    if (usable < size) throw new Violation(`${name}: ${size} bytes asked for, ${usable} usable`);
    for (const other of this.live.values()) {
      if (ptr < other.ptr + other.usable && other.ptr < ptr + usable) {
        const how = other.ptr === ptr ? "is the live block" : "overlaps the live block";
        throw new Violation(`${name} at ${hex(ptr)} ${how} ${other.name}`);
      }
    }
    const block = { name, ptr, usable };
    this.live.set(name, block);
    for (const word of markedWords(block)) port.storeUser(word, markOf(block, word), USER_SITE);
  }

  expectZero(port: Port, name: string, ptr: number, size: number): void {
    for (let word = ptr >>> 2; word < (ptr + size) >>> 2; word++) {
      const found = port.load32(word, USER_SITE);
      if (found !== 0) throw new Violation(`${name} at ${hex(ptr)} is not zero: ${hex(found)}`);
    }
  }

  /** What the user wrote into a block's first word has come with it. */
  expectMoved(port: Port, name: string, ptr: number, old: LiveBlock): void {
    const found = port.load32(ptr >>> 2, USER_SITE);
    if (found === markOf(old, old.ptr >>> 2)) return;
    throw new Violation(`${name} at ${hex(ptr)} does not hold what ${old.name} held: ${hex(found)}`);
  }

  /** The user gives a block up: he looks at it a last time. */
  dismiss(port: Port, name: string): LiveBlock | undefined {
    const block = this.live.get(name);
    if (block === undefined) return undefined;
    this.verify(port, block);
    this.live.delete(name);
    return block;
  }

  /** A block that was to be given up stays what it was. */
  keep(block: LiveBlock): void {
    this.live.set(block.name, block);
  }

  verify(port: Port, block: LiveBlock): void {
    for (const word of markedWords(block)) {
      const found = port.load32(word, USER_SITE);
      if (found === markOf(block, word)) continue;
      throw new Violation(`${block.name} at ${hex(block.ptr)} was overwritten: ${hex(found)}`);
    }
  }
}

/** The first and the last word: links, headers and neighbours come to these first. */
function markedWords({ ptr, usable }: LiveBlock): number[] {
  return [ptr >>> 2, ((ptr + usable) >>> 2) - 1];
}

/** No address, and different in every block and word. */
function markOf({ ptr }: LiveBlock, word: number): number {
  return (0xb10c0001 ^ (ptr << 8) ^ word) >>> 0;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
