/**
 * SQLite with all of its memory on our heap: `sqlite3_config(SQLITE_CONFIG_MALLOC)` names the
 * heap's calls, and SQLite makes no others. `npx tsx examples/sqlite.ts` runs it.
 *
 * The heap lies in SQLite's own WebAssembly.Memory, in one piece that SQLite's C library has handed
 * out. So neither takes what is the other's, and the memory may grow.
 */
import { fileURLToPath } from "node:url";
import sqlite3InitModule, { type Database, type Sqlite3Static } from "@sqlite.org/sqlite-wasm";
import type { Heap } from "../generator/plugin/client.ts";
import { generateHeap, type HeapModule, heapBaseAbove } from "./module-heap.ts";

/** The methods of a `sqlite3_mem_methods`, and the word that they share. */
const METHODS_BYTES = 8 * 4;

export interface SqliteOnHeap {
  readonly sqlite3: Sqlite3Static;
  readonly heap: Heap;
  /** What SQLite has got and given back so far, and how often the heap was too full for it. */
  readonly calls: { malloc: number; realloc: number; free: number; refused: number };
  /** After the last database is closed: SQLite gives back what it still has. */
  shutdown(): void;
}

/** Starts SQLite on a heap of so many bytes. */
export async function startSqlite({ createHeap }: HeapModule, heapBytes = 64 << 20): Promise<SqliteOnHeap> {
  const sqlite3 = await sqlite3InitModule();
  const { capi, config, wasm } = sqlite3;
  // SQLite has started already; its memory can be chosen only while it is shut down.
  wasm.exports.sqlite3_shutdown();

  const piece: number = wasm.exports.malloc(heapBytes);
  if (piece === 0) throw new RangeError(`SQLite's memory has no room for ${heapBytes} bytes`);
  const heap = createHeap({
    memory: config.memory,
    baseBytes: heapBaseAbove(piece),
    maxBytes: piece + heapBytes,
  });
  const calls = { malloc: 0, realloc: 0, free: 0, refused: 0 };
  const note = (call: "malloc" | "realloc", ptr: number) => {
    calls[ptr === 0 ? "refused" : call]++;
    return ptr;
  };

  const methods: number[] = [
    wasm.installFunction("i(i)", (size: number) => note("malloc", heap.malloc(size))),
    wasm.installFunction("v(i)", (ptr: number) => {
      calls.free++;
      heap.free(ptr);
    }),
    wasm.installFunction("i(ii)", (ptr: number, size: number) => note("realloc", heap.realloc(ptr, size))),
    wasm.installFunction("i(i)", (ptr: number) => heap.usableSize(ptr)),
    // Roundup: what SQLite may count on for a size. A block that has more tells by its usable size.
    wasm.installFunction("i(i)", (size: number) => (size + 7) & ~7),
    wasm.installFunction("i(i)", () => capi.SQLITE_OK),
    wasm.installFunction("v(i)", () => {}),
    0,
  ];
  // SQLite copies the table. The C function is called: `capi.sqlite3_config()` lacks this option.
  const table: number = wasm.exports.malloc(METHODS_BYTES);
  methods.forEach((method, index) => {
    wasm.poke32(table + index * 4, method);
  });
  expectOk(wasm.exports.sqlite3__wasm_config_i(capi.SQLITE_CONFIG_MALLOC, table));
  wasm.exports.free(table);
  expectOk(wasm.exports.sqlite3_initialize());

  return {
    sqlite3,
    heap,
    calls,
    shutdown() {
      expectOk(wasm.exports.sqlite3_shutdown());
    },
  };

  function expectOk(result: number): void {
    if (result !== capi.SQLITE_OK) throw new Error(`SQLite answers ${result}`);
  }
}

/** A table of 5,000 notes, of which every third becomes longer and every fifth goes. */
export function keepNotes(db: Database): void {
  db.exec("CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT UNIQUE, text TEXT)");
  db.transaction(() => {
    const insert = db.prepare("INSERT INTO note (title, text) VALUES (?, ?)");
    for (let i = 1; i <= 5000; i++) insert.bind([`note ${i}`, "la ".repeat(i % 200)]).stepReset();
    insert.finalize();
  });
  db.exec("UPDATE note SET text = text || text || 'la' WHERE id % 3 = 0");
  db.exec("DELETE FROM note WHERE id % 5 = 0");
}

async function main(): Promise<void> {
  const { sqlite3, heap, calls, shutdown } = await startSqlite(await generateHeap());
  const db = new sqlite3.oo1.DB(":memory:");
  keepNotes(db);
  console.log(`SQLite ${sqlite3.version.libVersion}: ${db.selectValue("SELECT count(*) FROM note")} notes`);
  console.log(`integrity check: ${db.selectValue("PRAGMA integrity_check")}`);
  const { liveBlocks, liveBytes, peakCommittedBytes } = heap.stats();
  console.log(
    `live: ${liveBlocks} blocks, ${liveBytes} bytes; peak of the heap: ${peakCommittedBytes} bytes`,
  );
  db.close();
  shutdown();
  heap.check?.();
  console.log(`calls: ${calls.malloc} malloc, ${calls.realloc} realloc, ${calls.free} free`);
  console.log(`live after shutdown: ${heap.stats().liveBlocks} blocks`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
