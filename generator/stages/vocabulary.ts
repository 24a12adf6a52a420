/**
 * Vocabulary: the words that belong to a choice. The comments and messages of a build that did not
 * make the choice do not use them: a build speaks of itself only.
 */
import type { Holds } from "./comments.ts";

export interface Term {
  /** Where the words belong: a constant expression of the kernel's. */
  readonly condition: string;
  /** What the condition says, for people. */
  readonly choice: string;
  readonly words: RegExp;
}

export const VOCABULARY: readonly Term[] = [
  {
    condition: "spec.manyThreads",
    choice: "several threads",
    words:
      /\b(remote|mailbox(es)?|adopt\w*|abandon\w*|compare-and-swap|Atomics?|atomic(ally)?|stale|set aside|workers?|(other|another|several|many|all|which|any) threads?|threads that|thread that (dies|died|has|had|left|leaves|ended|vanished)|threads' lists|attach\w*)\b/i,
  },
  { condition: "!spec.manyThreads", choice: "one thread", words: /\bpage map\b/i },
  { condition: "spec.reclaim", choice: "reclaim", words: /\breclaim\w*/i },
  { condition: "spec.routes", choice: "routes (R1)", words: /\b(R1|routes?|routed)\b/ },
  {
    condition: 'spec.memory.kind === "growable"',
    choice: "a memory that grows",
    words: /\b(grow(s|n|ing|th|ths)?|grew)\b/i,
  },
  { condition: 'spec.memory.kind === "growable"', choice: "a WebAssembly.Memory", words: /\bWebAssembly\b/ },
  { condition: "spec.memory.shared", choice: "a shared buffer", words: /\bSharedArrayBuffer\b/ },
  { condition: "spec.pool.wordSearch && !spec.manyThreads", choice: "rooms", words: /\b(rooms|trees?)\b/i },
  { condition: "spec.api.image", choice: "images (N2)", words: /\b(images?|openHeap|N2)\b/i },
  { condition: "spec.api.reset", choice: "reset (N4)", words: /\breset\b/i },
  { condition: "spec.api.owns", choice: "owns (N4)", words: /\bowns(?=\(| says\b| \(N4\))/ },
  { condition: "spec.api.largestFree", choice: "largestFree (N4)", words: /\blargestFree\b/ },
  { condition: "spec.heapWalk", choice: "the heap walk", words: /\bcheck\(\)|\bheap walk\b/i },
  {
    condition: "spec.headerBytes > 0",
    choice: "block headers (M5)",
    words: /\bM5\b|\bblock'?s? headers?\b/i,
  },
  { condition: "spec.fast.on", choice: "the fast cache (F1)", words: /\bF1\b/ },
  { condition: "spec.tlsSll.on", choice: "the TLS SLL (F2)", words: /\bF2\b|\bTLS SLL\b/ },
  { condition: "spec.tlsList.on", choice: "the TLS list (F3)", words: /\bF3\b|\bTLS list\b/ },
  { condition: "spec.magazine.on", choice: "the magazine (F4)", words: /\bF4\b|\bmagazines?\b/i },
  { condition: "spec.unifiedCache.on", choice: "the unified cache (F5)", words: /\bF5\b|\bunified cache\b/i },
  { condition: "spec.hotHeap", choice: "the hot heap (F6)", words: /\bF6\b|\bhot heap\b/i },
  { condition: "spec.tlsHint", choice: "the TLS hint (F8)", words: /\bF8\b|\bTLS hint\b/i },
  { condition: "spec.activeTracking", choice: "active tracking (R5)", words: /\bR5\b/ },
  { condition: "spec.refill.sticky", choice: "the sticky slab (P1)", words: /\bP1\b|\bsticky\b/i },
  { condition: "spec.refill.hotSlot", choice: "the hot slot (P2)", words: /\bP2\b|\bhot slot\b/i },
  { condition: "spec.refill.benchSlot", choice: "the bench slot (P3)", words: /\bP3\b|\bbench slot\b/i },
  { condition: "spec.pool.emptySlabs > 0", choice: "kept empty slabs (P6)", words: /\bstage 0\.5\b/i },
  { condition: "spec.pool.stage1", choice: "the lists of EMPTY slabs (P7)", words: /\bP7\b/ },
  { condition: "spec.refill.mmapGate > 0", choice: "the gate (P10)", words: /\bP10\b|\bgate\b/i },
  { condition: "spec.memory.prefault", choice: "prefault", words: /\bprefault\w*/i },
  { condition: "spec.lru.entries > 0", choice: "the LRU", words: /\bLRU\b/ },
  { condition: "spec.osStatistics", choice: "OS statistics (G6)", words: /\bG6\b/ },
  { condition: "spec.guards.lists", choice: "list validation (G1)", words: /\bG1\b/ },
  { condition: "spec.guards.pushes", choice: "push validation (G2)", words: /\bG2\b/ },
  {
    condition: "spec.guards.states || spec.guards.headers",
    choice: "block guards (G3)",
    words: /\bG3\b|\bdouble free\b|\buse after free\b/i,
  },
  { condition: "spec.guards.poison", choice: "poison (G3)", words: /\bpoison\w*/i },
  { condition: "spec.guards.quarantineBytes > 0", choice: "quarantine (G3)", words: /\bquarantine\w*/i },
  {
    condition: "spec.guards.redZone > 0",
    choice: "red zones (G3)",
    words: /\bred zones?\b|\b(over|under)run\b/i,
  },
  { condition: "spec.observe.events > 0", choice: "the trace ring (G4)", words: /\bG4\b|\bevents?\b/i },
  { condition: "spec.observe.counters", choice: "counters (G5)", words: /\bG5\b/ },
];

/** A word that a build has no business to use. */
export interface Stranger {
  readonly word: string;
  readonly term: Term;
  /** The line it stands in. */
  readonly sentence: string;
  /** The place behind the comment or the text. */
  readonly behind: number;
}

/** Words in comments and texts that belong to choices which do not hold. */
export function strangers(text: string, holds: Holds): Stranger[] {
  const terms = VOCABULARY.filter(({ condition }) => !holds(condition));
  return [...text.matchAll(SPOKEN)].flatMap((part) => {
    if (!part[0].includes(" ") || /^\s*\/\/ ── /.test(part[0])) return [];
    // A word may stand at the end of one line, its neighbour at the beginning of the next.
    const words = part[0].replace(/\n[ \t]*(?:\*|\/\/)? ?/g, (gap) => " ".padEnd(gap.length));
    return terms.flatMap((term) => {
      const found = term.words.exec(words);
      if (found === null) return [];
      const sentence = part[0]
        .slice(part[0].lastIndexOf("\n", found.index) + 1)
        .split("\n", 1)[0]!
        .trim();
      return [{ word: found[0], term, sentence, behind: part.index + part[0].length }];
    });
  });
}

/** What a program says in words: its comments, and its texts. */
const SPOKEN = /\/\*[\s\S]*?\*\/|(?:[ \t]*\/\/.*\n)+|\/\/.*|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
