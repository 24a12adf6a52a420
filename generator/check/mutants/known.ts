/**
 * Known mutants: failures that allocators of this kind really had (B1 … B10), put back one by one, and mistakes that
 * this one had or was close to. Each names the scenario that is there to tell.
 */
import type { Program } from "../../stages/program.ts";
import type { Mutant } from "./mutant.ts";

export interface KnownMutant extends Mutant {
  readonly what: string;
  readonly scenario: string;
  readonly caught: RegExp;
}

type Described = Omit<KnownMutant, "at">;

const described: readonly Described[] = [
  {
    kind: "B1",
    what: "another thread's block enters the list of whoever frees it",
    file: "kernel/free.ts",
    inside: "free",
    from: "loadRacy32(slab + Slab.owner) !== self",
    to: "spec.cacheLast === 0 && loadRacy32(slab + Slab.owner) !== self",
    scenario: "lists-and-remote-frees",
    caught: /blocks are lost/,
  },
  {
    kind: "B2",
    what: "a slab from the list of EMPTY ones is taken for what the list says it is",
    file: "kernel/pool/empty-list.ts",
    inside: "popEmpty",
    from: "stateOf(owner) === EMPTY && claim(slab, owner, self)",
    to: "claim(slab, owner, self)",
    scenario: "empty-list-against-run",
    caught: /live block|data race|goes on for ever|blocks are lost/,
  },
  {
    kind: "B3",
    what: "adopt: drained first, claimed after",
    file: "kernel/stages/adopt.ts",
    inside: "adopt",
    from: "&& claim(slab, seen, self)) settleAdopted(slab);",
    to: ") { settleAdopted(slab); claim(slab, seen, self); }",
    scenario: "two-adopters",
    caught: /data race/,
  },
  {
    kind: "B3",
    what: "mailbox: a slab that was announced is drained, whoever owns it now",
    file: "kernel/stages/pending.ts",
    inside: "drainAnnounced",
    from: "if (loadRacy32(slab + Slab.owner) === self) drainRemote(slab);",
    to: "drainRemote(slab);",
    scenario: "mailbox-of-a-leaver",
    caught: /data race/,
  },
  {
    kind: "B3",
    what: "a full heap: every slab is drained, whoever owns it",
    file: "kernel/idle.ts",
    inside: "collect",
    from: "if (loadRacy32(slab + Slab.owner) !== self) continue;",
    to: "",
    scenario: "full-heap-of-two-owners",
    caught: /data race/,
  },
  {
    kind: "B4",
    what: "a slab counts the blocks as its own that a thread's list shows",
    file: "kernel/refill.ts",
    inside: "takeAllFreed",
    from: "store32(slab + Slab.left, carved);",
    to: "",
    scenario: "listed-blocks-keep-their-slab",
    caught: /live block|was overwritten|goes on for ever|blocks are lost/,
  },
  {
    kind: "B5",
    what: "the pool asks the allocator for room for its own notes",
    file: "kernel/pool/acquire.ts",
    inside: "acquireRun",
    from: "let page = findSlots(count, align);",
    to: "malloc(16);\n  let page = findSlots(count, align);",
    scenario: "slots-of-one-superslab",
    caught: /for ever/,
  },
  {
    kind: "B6",
    what: "the first size above the classes gets a class that is none",
    file: "kernel/malloc.ts",
    inside: "malloc",
    from: "size > MAX_CLASS_BYTES",
    to: "size > MAX_CLASS_BYTES + ALIGNMENT",
    scenario: "just-above-the-classes",
    caught: /is outside the memory|blocks are lost/,
  },
  {
    kind: "B6",
    what: "class 0, which a large block has, is taken for a class",
    file: "kernel/remote-queue.ts",
    inside: "freeForeign",
    from: "if (load32(slab + Slab.class) === 0) freeLarge(slab);\n  else pushRemote(slab, block);",
    to: "pushRemote(slab, block);",
    scenario: "freed-page-run",
    caught: /blocks are lost/,
  },
  {
    kind: "B7",
    what: "a block's address is off by one stride",
    file: "kernel/refill.ts",
    inside: "carve",
    from: "const block = start + spec.headerBytes;",
    to: "const block = start + CLASS_BYTES[c];",
    scenario: "remote-free-against-drain",
    caught: /usable/,
  },
  {
    kind: "B8",
    what: "a block that goes to a list is counted as back in its slab",
    file: "kernel/free.ts",
    inside: "free",
    from: "if (!kept) freeToSlab(slab, ptr);",
    to: "if (!kept) freeToSlab(slab, ptr);\n  else store32(slab + Slab.left, load32(slab + Slab.left) - 1);",
    scenario: "listed-blocks-keep-their-slab",
    caught: /live block|was overwritten|goes on for ever|blocks are lost/,
  },
  {
    kind: "B9",
    what: "a slab is released while the list of partial ones still shows it",
    file: "kernel/slab.ts",
    inside: "settle",
    from: "if (isPartial(slab, c)) removePartial(slab, c);",
    to: "",
    scenario: "partial-slab-emptied",
    caught: /data race|live block/,
  },
  {
    kind: "B10",
    what: "remote frees are looked for in the current slab only",
    file: "kernel/remote-queue.ts",
    inside: "drainRemote",
    from: "if (loadRacy32(slab + Slab.remote) === 0) return;",
    to: "if (slab !== load32(thread + ThreadSlot.current + load32(slab + Slab.class))) return;",
    scenario: "mailbox-of-a-full-slab",
    caught: /says that it is full/,
  },
  {
    kind: "lost push",
    what: "the remote list is cleared by a store, not exchanged",
    file: "kernel/remote-queue.ts",
    inside: "takeRemote",
    from: "seen = atomicCas(slab + Slab.remote, head, 0);",
    to: "atomicStore(slab + Slab.remote, 0); seen = head;",
    scenario: "remote-free-against-drain",
    caught: /blocks are lost|data race/,
  },
  {
    kind: "early push",
    what: "a block is pushed before it is linked",
    file: "kernel/remote-queue.ts",
    inside: "pushRemote",
    from: "link(block, head);\n    seen = atomicCas(slab + Slab.remote, head, block);",
    to: "seen = atomicCas(slab + Slab.remote, head, block);\n    link(block, head);",
    scenario: "remote-free-against-drain",
    caught: /data race/,
  },
  {
    kind: "blind claim",
    what: "a slab is claimed without comparing",
    file: "kernel/ownership.ts",
    inside: "claim",
    from: "return atomicCas(slab + Slab.owner, seen, as) === seen;",
    to: "atomicStore(slab + Slab.owner, as);\n  return true;",
    scenario: "two-page-runs",
    caught: /data race|live block/,
  },
  {
    kind: "no owner",
    what: "every block is taken for the thread's own",
    file: "kernel/free.ts",
    inside: "free",
    from: "loadRacy32(slab + Slab.owner) !== self",
    to: "loadRacy32(slab + Slab.owner) === 0",
    scenario: "two-remote-frees",
    caught: /data race/,
  },
  {
    kind: "hasty recovery",
    what: "a dead thread's remote list is looked at without an order",
    file: "kernel/surrender.ts",
    inside: "finishDrain",
    from: "let block = atomicLoad(slab + Slab.remote);",
    to: "let block = loadRacy32(slab + Slab.remote);",
    scenario: "death-in-drain",
    caught: /data race/,
  },
  {
    kind: "twice put away",
    what: "a list that was half put away is put away again",
    file: "kernel/remote-queue.ts",
    inside: "takeNoted",
    from: " && following !== free",
    to: "",
    scenario: "death-in-detach",
    caught: /goes on for ever/,
  },
  {
    kind: "growth kept quiet",
    what: "who sees that the memory has grown leaves it to the thread that grew it to say so, and that one has died",
    file: "kernel/growth.ts",
    inside: "seeGrowth",
    from: "look();\n      noteGrowth();",
    to: "look();",
    scenario: "growth-and-death",
    caught: /its views show/,
  },
  {
    kind: "first page",
    what: "a block is taken to begin in the first slab of its run",
    file: "kernel/large-block.ts",
    inside: "firstOfRun",
    from: "stateOf(owner) === TAIL ? slabAt(owner - TAIL) : slab",
    to: "slab",
    scenario: "block-behind-its-first-page",
    caught: /usable/,
  },
  {
    kind: "old header",
    what: "a block's header stays what it was when its slab goes to another class",
    file: "kernel/block.ts",
    inside: "setHeader",
    from: "spec.headerBytes > 0",
    to: "spec.headerBytes > 0 && load8(block - 1) === 0",
    scenario: "headers-of-a-recycled-slab",
    caught: /usable/,
  },
];

export function knownMutants(kernel: Program): KnownMutant[] {
  return described.map((mutant) => {
    const { text } = kernel.modules.find(({ path }) => path === mutant.file)!;
    const at = text.indexOf(mutant.from, text.indexOf(`function ${mutant.inside}(`));
    if (at < 0)
      throw new Error(`${mutant.file} says no more "${mutant.from}": put ${mutant.kind} back otherwise`);
    return { ...mutant, at };
  });
}
