/**
 * Plug-in: a spec that is imported is the heap it describes. `import { createHeap } from
 * "./particles.heap.ts"` gives the build of that spec, made when the bundler asks for it, and made
 * again when the spec or a file that it is made of changes.
 */
import { createUnplugin } from "unplugin";
import { loadSpec } from "../../spec/load-spec.ts";

export interface PluginOptions {
  /**
   * Which modules are specs. By default those whose names end with `.heap.ts`, `.heap.mts`,
   * `.heap.js` or `.heap.mjs`.
   */
  readonly include?: RegExp;
}

const SPEC_MODULE = /\.heap\.m?[jt]s$/;

export const plugin = createUnplugin<PluginOptions | undefined>(({ include = SPEC_MODULE } = {}) => ({
  name: "slabsmith",
  enforce: "pre",
  load: {
    filter: { id: include },
    async handler(id) {
      const [file = id] = id.split("?");
      const resolved = await loadSpec(file, (part) => this.addWatchFile(part));
      // Loaded late: a compiler comes along.
      const { generateVariant, javaScriptOf } = await import("../pipeline.ts");
      return { code: javaScriptOf(await generateVariant(resolved)), map: null };
    },
  },
}));
