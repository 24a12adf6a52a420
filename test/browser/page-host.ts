/** Workers of a page. */
import type { HeapHandle } from "../../templates/host/api.ts";
import type { Host, Message } from "../threads/host.ts";
import type { Order } from "./worker.ts";

/** Workers that load their build from a folder of the server's. */
export function pageHost(folder: string): Host {
  return {
    async start(heap, task) {
      const { lendSlot }: typeof import("../../templates/workers.ts") = await import(`${folder}/workers.js`);
      let reclaimed = () => {};
      const ended = new Promise<void>((resolve) => {
        reclaimed = resolve;
      });
      const loan = lendSlot<HeapHandle>({
        reserve: () => heap.reserve(),
        reclaim(threadSlot) {
          heap.reclaim(threadSlot);
          reclaimed();
        },
      });
      const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
      let refused = 0;
      let attached = () => {};
      const failed = new Promise<never>((_, reject) => {
        worker.onerror = ({ message }) => reject(new Error(message));
      });
      const ready = new Promise<void>((resolve) => {
        attached = resolve;
      });
      worker.onmessage = ({ data: message }: MessageEvent<Message>) => {
        if (message === "attached") attached();
        else refused = message.refused;
      };
      worker.postMessage({ folder, loan, task } satisfies Order);
      await Promise.race([ready, failed]);
      const end = Promise.race([ended.then(() => refused), failed]);
      // Whoever waits for the end is told of an error there; here it must not count as unhandled.
      end.catch(() => {});
      return {
        end,
        kill() {
          worker.terminate();
          return end;
        },
      };
    },
  };
}
