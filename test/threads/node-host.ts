/** Workers of Node. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { transformSync } from "esbuild";
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import { reclaimOnExit } from "../../templates/workers.ts";
import { urlOf } from "../support/emitted.ts";
import type { Variant } from "../support/variants.ts";
import type { Host, Message } from "./host.ts";
import type { Subject } from "./scenarios.ts";

/** Node's workers read no TypeScript. */
const source = readFileSync(new URL("./work.ts", import.meta.url), "utf8");
const code = urlOf(transformSync(source, { loader: "ts" }).code);

/** A variant, and workers of Node on its heaps. */
export async function nodeSubject(variant: Variant): Promise<Subject> {
  const build = urlOf(String((await variant.files()).get("index.js")));
  const kernel = variant.told;
  return { module: await variant.module(), kernel, host: nodeHost(build, kernel) };
}

function nodeHost(build: string, kernel: KernelSpec): Host {
  return {
    async start(heap, task) {
      const handle = kernel.reclaim ? heap.reserve() : heap.handle;
      const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
        workerData: { build, kernel, code, handle, task },
        execArgv: [],
      });
      if (kernel.reclaim) reclaimOnExit(heap, handle, worker);
      const end = new Promise<number>((resolve, reject) => {
        let refused = 0;
        worker.on("message", (message: Message) => {
          if (message !== "attached") refused = message.refused;
        });
        worker.once("error", reject);
        worker.once("exit", () => resolve(refused));
      });
      // Whoever waits for the end is told of an error there; here it must not count as unhandled.
      end.catch(() => {});
      await once(worker, "message");
      return {
        end,
        async kill() {
          await worker.terminate();
          return end;
        },
      };
    },
  };
}
