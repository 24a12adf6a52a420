/** The history of a process, with what it had when it was forked. */
import { Kind } from "../../../templates/record/event.ts";
import { History, type Operations } from "../../../templates/record/history.ts";
import { Merge } from "../../../templates/record/merge.ts";
import type { EventFile } from "./event-file.ts";

const FIRST_THREAD = 1;

/** Tells the events of a process; `parentOf` finds the file of the process that forked it. */
export function tellProcess(
  file: EventFile,
  history: History,
  parentOf: (file: EventFile) => EventFile | undefined,
): void {
  tellUpTo(Number.POSITIVE_INFINITY, file, history, parentOf);
}

function tellUpTo(
  ticket: number,
  file: EventFile,
  history: History,
  parentOf: (file: EventFile) => EventFile | undefined,
): void {
  const parent = parentOf(file);
  if (parent !== undefined) {
    const before = new LiveBlocks();
    const past = new History(before);
    tellUpTo(file.forkTicket, parent, past, parentOf);
    for (const { address, name } of past.liveBlocks()) before.tell(name, address, history);
  }
  const merge = new Merge(history);
  for (const source of file.sources()) merge.add(source);
  merge.finish(ticket);
}

/** What a process has: of each live block how it was allocated. */
class LiveBlocks implements Operations {
  readonly #blocks = new Map<number, { readonly kind: Kind; size: number; readonly alignment: number }>();
  #next = 0;

  thread(): void {}

  allocate(kind: Kind, size: number, alignment: number): number {
    this.#blocks.set(this.#next, { kind, size, alignment });
    return this.#next++;
  }

  reallocate(block: number, size: number): void {
    const known = this.#blocks.get(block);
    if (known !== undefined) known.size = size;
  }

  free(block: number): void {
    this.#blocks.delete(block);
  }

  /** As if the block were allocated now. */
  tell(name: number, address: number, history: History): void {
    const block = this.#blocks.get(name);
    if (block === undefined) return;
    if (block.kind === Kind.memalign) history.event(FIRST_THREAD, Kind.alignment, 0, block.alignment);
    history.event(FIRST_THREAD, block.kind, address, block.size);
  }
}
