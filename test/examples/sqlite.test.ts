/** The example of SQLite: its memory is the heap's, block for block, and nothing of it stays. */
import type { Database } from "@sqlite.org/sqlite-wasm";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { SPEC } from "../../examples/module-heap.ts";
import { keepNotes, type SqliteOnHeap, startSqlite } from "../../examples/sqlite.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import { emit, importText } from "../support/emitted.ts";
import { randomNumbers } from "../support/script.ts";
import { linesOf } from "./program.ts";

// A process can start SQLite once. It is shut down in the last test.
let on: SqliteOnHeap;
let db: Database;

beforeAll(async () => {
  const files = await emit(resolveSpec(SPEC));
  on = await startSqlite(await importText(String(files.get("index.js"))), 32 << 20);
});

beforeEach(() => {
  db = new on.sqlite3.oo1.DB(":memory:");
});

afterEach(() => {
  db.close();
  on.heap.check?.();
});

/** What SQLite says of its memory: now, and at most since it started. */
function status(what: "MEMORY_USED" | "MALLOC_COUNT"): { now: number; most: number } {
  const { capi, wasm } = on.sqlite3;
  const stack = wasm.pstack.pointer;
  try {
    const at = wasm.pstack.alloc(16);
    expect(capi.sqlite3_status(capi[`SQLITE_STATUS_${what}`], at, at + 4, 0)).toBe(capi.SQLITE_OK);
    return { now: wasm.peek32(at), most: wasm.peek32(at + 4) };
  } finally {
    wasm.pstack.restore(stack);
  }
}

/** SQLite and the heap agree, on their own and with each other. */
function audit(): void {
  expect(db.selectValue("PRAGMA integrity_check")).toBe("ok");
  on.heap.check?.();
  const { liveBlocks, liveBytes } = on.heap.stats();
  expect({ blocks: liveBlocks, bytes: liveBytes }).toEqual({
    blocks: status("MALLOC_COUNT").now,
    bytes: status("MEMORY_USED").now,
  });
  expect(on.calls.malloc - on.calls.free).toBe(liveBlocks);
}

interface Row {
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** Random statements on a table, and beside it what the table must hold. */
class Bookkeeping {
  readonly rows = new Map<number, Row>();
  readonly #random = randomNumbers(11);
  #lastId = 0;

  constructor() {
    db.exec("CREATE TABLE book (id INTEGER PRIMARY KEY, text TEXT, bytes BLOB)");
    db.exec("CREATE INDEX by_text ON book (text)");
  }

  /** So many statements; undone, if they are not to stay. */
  transaction(statements: number, stays: boolean): void {
    const before = new Map(this.rows);
    db.exec("BEGIN");
    for (; statements > 0; statements--) this.#perform();
    db.exec(stays ? "COMMIT" : "ROLLBACK");
    if (stays) return;
    this.rows.clear();
    for (const [id, row] of before) this.rows.set(id, row);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #perform(): void {
    const id = [...this.rows.keys()][this.#below(this.rows.size)];
    const choice = this.#below(10);
    if (choice < 5 || id === undefined) {
      const row = this.#row();
      this.#lastId++;
      db.exec("INSERT INTO book VALUES (?, ?, ?)", { bind: [this.#lastId, row.text, row.bytes] });
      this.rows.set(this.#lastId, row);
    } else if (choice < 8) {
      const row = this.#row();
      db.exec("UPDATE book SET text = ?, bytes = ? WHERE id = ?", { bind: [row.text, row.bytes, id] });
      this.rows.set(id, row);
    } else {
      db.exec("DELETE FROM book WHERE id = ?", { bind: [id] });
      this.rows.delete(id);
    }
  }

  #row(): Row {
    const text = `${this.#below(1000)} ${"word ".repeat(this.#below(60))}`;
    // One in a hundred is a large block of the heap's.
    const most = this.#below(100) === 0 ? 100_000 : 600;
    return { text, bytes: new Uint8Array(this.#below(most)).fill(this.#below(256)) };
  }

  expectTable(): void {
    const found = db.selectArrays("SELECT id, text, bytes FROM book ORDER BY id");
    const expected = [...this.rows].sort(([a], [b]) => a - b);
    expect(found.map(([id]) => id)).toEqual(expected.map(([id]) => id));
    expected.forEach(([id, row], index) => {
      const [, text, bytes] = found[index] ?? [];
      const isSame = Buffer.compare(bytes as Uint8Array, row.bytes) === 0;
      expect({ id, text, isSame }).toEqual({ id, text: row.text, isSame: true });
    });
  }
}

test("thousands of inserts, updates and deletes: SQLite and the heap count the same blocks", () => {
  const { malloc, realloc, refused } = on.calls;
  const book = new Bookkeeping();
  for (let round = 0; round < 30; round++) {
    book.transaction(200, round % 5 !== 4);
    audit();
  }
  book.expectTable();
  expect(book.rows.size).toBeGreaterThan(1000);
  expect(on.calls.malloc - malloc).toBeGreaterThan(20_000);
  expect(on.calls.realloc).toBeGreaterThan(realloc);
  expect(on.calls.refused).toBe(refused);
  const { peakCommittedBytes } = on.heap.stats();
  const { most } = status("MEMORY_USED");
  expect(peakCommittedBytes).toBeGreaterThan(most);
  expect(peakCommittedBytes / most).toBeLessThan(1.25);
});

test("the memory grows in the middle of a transaction", () => {
  const { config, wasm } = on.sqlite3;
  const book = new Bookkeeping();
  book.transaction(300, true);
  const { byteLength } = config.memory.buffer;
  db.exec("BEGIN");
  // SQLite's C library takes more memory than there is: all views of it are gone.
  const piece = wasm.exports.malloc(byteLength);
  expect(config.memory.buffer.byteLength).toBeGreaterThan(byteLength);
  db.exec("ROLLBACK");
  audit();
  book.transaction(300, true);
  audit();
  book.expectTable();
  wasm.exports.free(piece);
});

test("a full heap is an error of SQLite's, which goes on afterwards", () => {
  const { capi } = on.sqlite3;
  const { refused } = on.calls;
  const book = new Bookkeeping();
  book.transaction(300, true);
  db.exec("BEGIN");
  const fill = () => {
    for (;;) db.exec("INSERT INTO book (bytes) VALUES (zeroblob(1000000))");
  };
  expect(fill).toThrow(expect.objectContaining({ resultCode: capi.SQLITE_NOMEM }));
  expect(on.calls.refused).toBeGreaterThan(refused);
  // SQLite has undone the transaction by itself.
  audit();
  book.expectTable();
  book.transaction(300, true);
  audit();
  book.expectTable();
});

test("the example's own table", () => {
  keepNotes(db);
  audit();
  expect(db.selectValue("SELECT count(*) FROM note")).toBe(4000);
  expect(db.selectArray("SELECT title, length(text) FROM note WHERE id = 1002")).toEqual(["note 1002", 14]);
});

test("the program says so", async () => {
  expect(await linesOf("sqlite")).toEqual([
    expect.stringMatching(/^SQLite 3\.\d+\.\d+: 4000 notes$/),
    "integrity check: ok",
    expect.stringMatching(/^live: \d+ blocks, \d+ bytes; peak of the heap: \d+ bytes$/),
    expect.stringMatching(/^calls: (\d+) malloc, \d+ realloc, \1 free$/),
    "live after shutdown: 0 blocks",
  ]);
});

test("nothing lives after close and shutdown", () => {
  keepNotes(db);
  expect(on.heap.stats().liveBlocks).toBeGreaterThan(100);
  db.close();
  on.shutdown();
  expect(on.heap.stats()).toMatchObject({ liveBlocks: 0, liveBytes: 0 });
  expect(on.calls.free).toBe(on.calls.malloc);
  const walked = [...(on.heap.blocks?.() ?? [])];
  expect(walked.length).toBeGreaterThan(0);
  expect(walked.filter(({ used }) => used)).toEqual([]);
});
