/** A worker of the page. */
import type { HeapHandle } from "../../templates/host/api.ts";
import type { Loan } from "../../templates/workers.ts";
import type { HeapModule } from "../support/emitted.ts";
import type { Message } from "../threads/host.ts";
import { type Task, work } from "../threads/work.ts";

export interface Order {
  /** Where the build is. */
  readonly folder: string;
  readonly loan: Loan<HeapHandle>;
  readonly task: Task;
}

const say = (message: Message) => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  // The page hears of errors, not of rejections.
  obey(data).catch(reportError);
});

async function obey({ folder, loan, task }: Order): Promise<void> {
  const [{ attachHeap }, { takeSlot }]: [HeapModule, typeof import("../../templates/workers.ts")] =
    await Promise.all([import(`${folder}/index.js`), import(`${folder}/workers.js`)]);
  const heap = attachHeap(await takeSlot(loan));
  say("attached");
  const refused = work(heap, task);
  heap.detach();
  say({ refused });
  close();
}
