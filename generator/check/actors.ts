/**
 * Actors: what the threads of a scenario do, performed on the checked kernel, and what the ghost
 * state learns of it.
 */
import type { Access } from "./access.ts";
import type { CheckedThread } from "./build-checked.ts";
import { type Ghost, USER_SITE } from "./ghost.ts";
import type { Body } from "./machine.ts";
import type { Operation } from "./operation.ts";
import type { Port } from "./port.ts";
import { Violation } from "./violation.ts";

/** Words behind the heap through which threads send each other blocks. */
export const CHANNELS = 16;

/** What the actors of a scenario have in common. */
export class Stage {
  /** Slots that are kept for threads to come. */
  reserved = 0;
  /** What the heap has committed before the first block. */
  metadataBytes = 0;
  readonly #channels = new Map<string, number>();

  constructor(
    readonly threads: number,
    private readonly firstChannel: number,
    readonly pageShift: number,
  ) {}

  channel(block: string): number {
    const known = this.#channels.get(block) ?? this.#channels.size;
    this.#channels.set(block, known);
    return this.firstChannel + known;
  }
}

export class Actor {
  constructor(
    private readonly port: Port,
    private readonly call: CheckedThread["call"],
    private readonly ghost: Ghost,
    private readonly stage: Stage,
  ) {}

  *perform(operation: Operation, line: string): Generator<unknown, void, number> {
    const { port, call, ghost, stage } = this;
    switch (operation.call) {
      case "malloc":
      case "calloc":
      case "memalign":
      case "realloc": {
        const { block, size } = operation;
        const old = operation.old === undefined ? undefined : ghost.dismiss(port, operation.old);
        const ptr = yield* allocate(call, operation, old?.ptr ?? 0);
        if (ptr === 0) {
          if (old !== undefined) ghost.keep(old);
          if (!operation.mayFail) throw new Violation(`${line}: the heap says that it is full`);
          return;
        }
        if (old !== undefined) ghost.expectMoved(port, block, ptr, old);
        if (operation.call === "calloc") ghost.expectZero(port, block, ptr, size);
        ghost.admit(port, block, ptr, size, yield* number(call.usableSize(ptr)));
        return;
      }
      case "free": {
        const block = ghost.dismiss(port, operation.block);
        if (block !== undefined) yield* call.free(block.ptr);
        return;
      }
      case "send":
        yield port.atomicStore(stage.channel(operation.block), 1, USER_SITE);
        return;
      case "receive":
        while ((yield port.atomicLoad(stage.channel(operation.block), USER_SITE)) === 0) port.pause();
        return;
      case "attach":
        yield* call.attach(-1);
        return;
      case "detach":
        yield* call.detach();
        return;
      case "idle":
        yield* call.idle();
        return;
      case "reclaim":
        // Of a slot that was kept nothing is to be recovered.
        if ((yield* number(call.reclaimSlot(operation.thread))) && operation.thread >= stage.threads)
          stage.reserved--;
        return;
      case "reserve":
        if ((yield* number(call.reserveSlot())) >= 0) stage.reserved++;
        return;
      case "footprint": {
        const bytes = (yield* number(call.committedBytes())) - stage.metadataBytes;
        const pages = bytes >>> stage.pageShift;
        if (pages > operation.pages) throw new Violation(`${line}: the heap has committed ${pages} pages`);
      }
    }
  }
}

function* number(body: Body): Generator<Access, number, number> {
  return (yield* body as Generator<Access, unknown, number>) as number;
}

function allocate(
  call: CheckedThread["call"],
  operation: Extract<Operation, { size: number }>,
  old: number,
): Generator<Access, number, number> {
  const { size, alignment = 0 } = operation;
  switch (operation.call) {
    case "malloc":
      return number(call.malloc(size));
    case "calloc":
      return number(call.calloc(1, size));
    case "memalign":
      return number(call.memalign(alignment, size));
    case "realloc":
      return number(call.realloc(old, size));
  }
}
