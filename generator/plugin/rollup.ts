/** The plug-in for rollup. */
import { type PluginOptions, plugin } from "./plugin.ts";

export type { PluginOptions };

/** Its type says no more than rollup asks for, so that it needs no types of rollup's. */
const slabsmith = plugin.rollup as (options?: PluginOptions) => { readonly name: string };

export default slabsmith;
