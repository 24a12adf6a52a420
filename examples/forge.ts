/**
 * The build of a spec, made while the program runs. A project has it made once, by `slabsmith generate` or by a bundler's
 * plug-in, and imports it.
 */
import { generate, type SpecSource } from "../generator/index.ts";
import type { createHeap } from "../generator/plugin/client.ts";

export interface HeapModule {
  readonly createHeap: typeof createHeap;
}

export async function forge(spec: SpecSource): Promise<HeapModule> {
  const { files } = await generate(spec);
  const text = encodeURIComponent(files.get("index.js") ?? "");
  return import(/* @vite-ignore */ `data:text/javascript,${text}`);
}
