/**
 * Mutants that no scenario can tell, and why: what they break may be broken. The reason is a claim,
 * to be looked at again when the kernel changes. A name that fits no mutant any more, or one that
 * is noticed after all, is reported.
 */

const OWN_WORD = "nobody else writes the word meanwhile: only its owner takes an owner's word away";
const HINT = "a hint: a slab that is not in the list is found by its bit (P8)";
const ALONE = "no other thread is there yet";
const INDEPENDENT = "two words of the thread's own, neither of which depends on the other";
const ONE_THREAD = "of heaps with one thread: nobody else is there, ever";
const STATISTIC = "a statistic: nothing is decided by it";

export const EQUIVALENT: Readonly<Record<string, string>> = {
  "split: ownership.ts, giveUp: atomicCas(slab + Slab.owner, loadRacy32(slab + Slab.owner), state | load32(slab + Slab.generation))":
    OWN_WORD,
  "split: pool/release.ts, makeEmpty: atomicCas(slab + Slab.owner, owner, EMPTY | generation)": OWN_WORD,
  "swapped: pool/release.ts, makeEmpty: store32(slab + Slab.generation, generation); const owner = ownerOf(slab);":
    INDEPENDENT,
  "swapped: pool/empty-list.ts, popEmpty: markUsed(page); enlivenAt(page);":
    "both come after the claim, and who retires a SuperSlab looks at the owner words after he has taken LIVE away",
  "swapped: pool/empty-list.ts, popEmpty: atomicStore(slab + Slab.listed, 0); const owner = ownerOf(slab);":
    HINT,
  "left out: pool/empty-list.ts, popEmpty: atomicStore(slab + Slab.listed, 0);": HINT,
  "swapped: pool/empty-list.ts, pushEmpty: atomicStore(slab + Slab.nextListed, head & PAGE_MASK); seen = atomicCas(list, head, headAfter(head, pageOfSlab(slab)));":
    "a hint: an old link leads to slabs that served the class once, and the owner word answers for them",
  "left out: pool/empty-list.ts, pushEmpty: atomicStore(slab + Slab.nextListed, head & PAGE_MASK);": HINT,
  "split: pool/empty-list.ts, popEmpty: atomicCas(list, head, headAfter(head, following))": HINT,
  "left out: pool/empty-list.ts, pushEmpty: atomicCas(list, head, headAfter(head, pageOfSlab(slab)))": HINT,
  "left out: pool/superslab-state.ts, retireIfEmpty: atomicAdd(HEAP + Heap.retirements, 1)":
    "all SuperSlabs kept are of one age: which of them is given back is a matter of speed",
  "split: pool/superslab-state.ts, retireIfEmpty: atomicAdd(HEAP + Heap.retirements, 1)":
    "two SuperSlabs are of one age: which of them is given back first is a matter of speed",
  "swapped: pool/superslab-state.ts, giveBackSurplus: dropKept(oldest); oldest = oldestSurplus();":
    "the same ones are given back, each a round later; the last round drops record 0, whose word is no kept SuperSlab's",
  "left out: pool/superslab-state.ts, dropKept: atomicCas(slab + Slab.owner, owner, UNUSED | (owner - EMPTY));":
    "EMPTY and UNUSED slabs are claimed alike, and who claims one puts its SuperSlab to use again",
  "swapped: reclaim.ts, recover: surrender(slot, ACTIVE | index); mendSuperSlabs();":
    "what the dead thread left is mended either way, and surrender leaves nothing to mend",
  "swapped: large-block.ts, freeLarge: claim(slab, ownerOf(slab), self); store32(slab + Slab.start, 0);":
    "the run belongs to its block, and that to whoever frees it: nobody else looks at either word",
  "swapped: large-block.ts, freeLarge: store32(slab + Slab.start, 0); releaseTails(slab, pageOfSlab(slab) + 1, load32(slab + Slab.carved) >>> PAGE_SHIFT);":
    "the slab is this thread's, and its tails are named by their own words: whoever recovers it does so with either",
  "swapped: surrender.ts, surrenderSlab: store32(slab + Slab.start, 0); releaseTails(slab, pageOfSlab(slab) + 1, load32(slab + Slab.carved) >>> PAGE_SHIFT);":
    "the slab is this thread's, and its tails are named by their own words: whoever recovers it does so with either",
  "swapped: tiers/fast.ts, drainFast: drainList(thread + ThreadSlot.fast + c); store32(thread + ThreadSlot.fastCount + c, 0);":
    INDEPENDENT,
  "swapped: tiers/tls-list.ts, drainTlsList: drainList(thread + ThreadSlot.tlsList + c); store32(thread + ThreadSlot.tlsListCount + c, 0);":
    INDEPENDENT,
  "swapped: tiers/tls-list.ts, spill: store32(thread + ThreadSlot.tlsListCount + c, keep); drainBehind(last, TLS_LIST_CAP[c]);":
    INDEPENDENT,
  "split: aside.ts, setAside: atomicCas(slab + Slab.owner, self, ASIDE | (stamp << NUMBER_BITS) | (self - ACTIVE))":
    OWN_WORD,
  "swapped: remote-queue.ts, drainRemote: const isWalked = load32(slab + Slab.free) !== 0; const blocks = takeRemote(slab);":
    "it only says how many steps that took",
  "left out: stages/pending.ts, takeAnnounced: atomicAnd(box + i, ~bit);":
    "a bit too many in the summary of a mailbox costs a look",
  "swapped: stages/adopt.ts, settleAdopted: seeGrowth(); const c = load32(slab + Slab.class);":
    "the record lies in front, where everybody's views reach",
  "swapped: pool/empty-list.ts, popEmpty: enlivenAt(page); seeGrowth();":
    "both come after the claim, and before a block of the slab is touched",
  "swapped: slab.ts, releaseSlab: store32(slab + Slab.start, 0); releaseRun(start >>> PAGE_SHIFT, (end - start) >>> PAGE_SHIFT);":
    ONE_THREAD,
  "swapped: superslab.ts, claimPages: store32(superSlab + SuperSlab.touched, to); countCommitted(to - touched, touched === 0);":
    ONE_THREAD,
  "swapped: initialise.ts, reserveMetadata: store32(HEAP + Heap.usedTo, superSlab); store32(HEAP + Heap.peakCommittedBytes, committedBytes());":
    ONE_THREAD,
  "left out: statistics.ts, notePeak: atomicCas(HEAP + Heap.peakCommittedBytes, peak, committed)": STATISTIC,
  "split: statistics.ts, notePeak: atomicCas(HEAP + Heap.peakCommittedBytes, peak, committed)": STATISTIC,
  "swapped: statistics.ts, notePeak: const committed = committedBytes(); let peak = atomicLoad(HEAP + Heap.peakCommittedBytes);":
    STATISTIC,
  "left out: initialise.ts, layOutShared: atomicStore(HEAP + Heap.usedTo, firstSuperSlab);":
    "the first page that is enlivened notes the same",
  "plain: initialise.ts, layOutShared: atomicStore(HEAP + Heap.usedTo, firstSuperSlab)": ALONE,
  "plain: initialise.ts, layOutShared: atomicStore(slabAt(page) + Slab.owner, RESERVED)": ALONE,
  "swapped: initialise.ts, layOutShared: markUsed(page); reach(page);": ALONE,
  "swapped: initialise.ts, layOutShared: reach(page); enlivenAt(page);": ALONE,
  "swapped: reclaim.ts, recover: mendSuperSlabs(); atomicStore(slot + ThreadSlot.state, FREE_SLOT);":
    "hints and SuperSlabs belong to no slot; and whoever reclaims a reclaimer that died in between mends them, too",
};
