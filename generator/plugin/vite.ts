/** The plug-in for vite, which also renews the heap in the page when its spec changes. */
import { type PluginOptions, plugin } from "./plugin.ts";

export type { PluginOptions };

/** Its type says no more than vite asks for, so that it needs no types of vite's. */
const slabsmith = plugin.vite as (options?: PluginOptions) => { readonly name: string };

export default slabsmith;
