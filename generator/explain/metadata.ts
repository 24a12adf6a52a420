/**
 * Where a heap's metadata lies and what it costs: the arithmetic of
 * `templates/kernel/memory-map.ts`, for reading.
 */
import { readFileSync } from "node:fs";
import type { ResolvedSpec } from "../../spec/resolve.ts";
import { knownChoices } from "../known-choices.ts";
import type { Choices } from "../stages/evaluate.ts";
import { layoutRecords } from "../stages/fold.ts";
import type { Region } from "../stages/memory-map.ts";
import type { Program } from "../stages/program.ts";

export interface Metadata {
  readonly regions: readonly Region[];
  /** First page behind the metadata. */
  readonly firstPage: number;
  readonly bytesPerPage: number;
  /** Of a slab of tiny blocks. */
  readonly bytesPerSlab: number;
  readonly bytesPerSuperSlab: number;
  readonly bytesPerThread: number;
  readonly bytesPerHeap: number;
  /** What `committedBytes` counts of it: of every heap, and of each committed SuperSlab. */
  readonly committed: { readonly fixed: number; readonly perSuperSlab: number };
}

type RecordName = "Heap" | "ThreadSlot" | "SuperSlab" | "Slab";

export function layOutMetadata(resolved: ResolvedSpec): Metadata {
  const { kernel, spec } = resolved;
  const words = recordWords(knownChoices(resolved));
  const { basePage, maxPages } = kernel.memory;
  const pageBytes = 1 << kernel.pageShift;
  const pagesPerSuperSlab = 1 << (kernel.superSlabShift - kernel.pageShift);
  const pages = maxPages - basePage;
  const superSlabs = Math.ceil(maxPages / pagesPerSuperSlab) - Math.floor(basePage / pagesPerSuperSlab);
  const many = kernel.manyThreads;
  /**
   * The page map; with many threads the way from a page to its record is arithmetic, with records
   * apart.
   */
  const mapWords = many ? 0 : kernel.routes ? 2 : 1;
  const stateWords = kernel.guards.states ? 2 ** (kernel.pageShift - kernel.alignShift) : 0;
  const bytesPerPage = 4 * (mapWords + words.Slab + stateWords);

  const regions: Region[] = [];
  let end = basePage * pageBytes;
  const place = (name: string, bytes: number, note: string) => {
    regions.push({ name, from: end, to: end + bytes, note });
    end += bytes;
  };
  place("heap", words.Heap * 4, `${words.Heap} words`);
  const slots = many ? kernel.threads + 1 : 1;
  place("thread slots", slots * words.ThreadSlot * 4, `${slots} × ${words.ThreadSlot} words`);
  if (kernel.arrayWords > 0) {
    place("arrays", kernel.threads * kernel.arrayWords * 4, `${kernel.threads} × ${kernel.arrayWords} words`);
  }
  if (many) {
    const bits = Math.ceil(maxPages / 512) * 16;
    const boxWords = bits + Math.ceil(bits / 512) * 16;
    const boxes = kernel.refill.mailbox ? kernel.threads + 1 : 1;
    place("mailboxes", boxes * boxWords * 4, `${boxes} × ${boxWords} words`);
  }
  if (!many) {
    place("page map", pages * mapWords * 4, `${pages} pages × ${mapWords} word${mapWords > 1 ? "s" : ""}`);
  }
  const bitmapWords = Math.ceil((superSlabs * pagesPerSuperSlab) / 32);
  place("page bitmap", bitmapWords * 4, `${bitmapWords} words`);
  place("SuperSlab records", superSlabs * words.SuperSlab * 4, `${superSlabs} × ${words.SuperSlab} words`);
  if (many) {
    const hintWords = 3 * Math.ceil(superSlabs / 32);
    place("SuperSlab hints", hintWords * 4, `${hintWords} words`);
    end = Math.ceil(end / 64) * 64;
  } else if (kernel.pool.wordSearch) {
    const roomWords = 6 * 2 ** Math.ceil(Math.log2(superSlabs));
    place("rooms", roomWords * 4, `3 trees of ${roomWords / 3} words`);
  }
  place("slab records", pages * words.Slab * 4, `${pages} pages × ${words.Slab} words`);
  if (kernel.guards.states) {
    place("block states", pages * stateWords * 4, `${pages} pages × ${stateWords} words`);
  }
  const bytesPerHeap = end - basePage * pageBytes;
  const firstPage = Math.ceil(end / pageBytes);
  end = firstPage * pageBytes;
  place("blocks", maxPages * pageBytes - end, `pages ${firstPage} … ${maxPages - 1}`);

  return {
    regions,
    firstPage,
    bytesPerPage,
    bytesPerSlab: (spec.geometry.slabBytes / pageBytes) * bytesPerPage,
    bytesPerSuperSlab: words.SuperSlab * 4 + pagesPerSuperSlab * bytesPerPage,
    bytesPerThread: (words.ThreadSlot + kernel.arrayWords) * 4,
    bytesPerHeap,
    committed: {
      fixed: 4 * (words.Heap + slots * words.ThreadSlot + kernel.threads * kernel.arrayWords),
      perSuperSlab:
        words.SuperSlab * 4 +
        (many || !kernel.pool.wordSearch ? 0 : 24) +
        Math.ceil(pagesPerSuperSlab / 32) * 4 +
        pagesPerSuperSlab * bytesPerPage,
    },
  };
}

/** Read once: who searches the specs asks for thousands of layouts. */
let records: Program | undefined;

function recordsProgram(): Program {
  const file = new URL("../../templates/kernel/records.ts", import.meta.url);
  records ??= {
    modules: [
      { path: "templates/kernel/records.ts", about: "", text: readFileSync(file, "utf8"), host: false },
    ],
    records: new Map(),
  };
  return records;
}

/** Lengths of the kernel's records in this variant, from their declarations. */
function recordWords(choices: Choices): Record<RecordName, number> {
  const layouts = layoutRecords(recordsProgram(), choices);
  const words = (name: RecordName) => layouts.get(name)?.words ?? 0;
  return {
    Heap: words("Heap"),
    ThreadSlot: words("ThreadSlot"),
    SuperSlab: words("SuperSlab"),
    Slab: words("Slab"),
  };
}
