/** The plug-in for webpack. */
import { type PluginOptions, plugin } from "./plugin.ts";

export type { PluginOptions };

/** Its type says no more than webpack asks for, so that it needs no types of webpack's. */
const slabsmith = plugin.webpack as (options?: PluginOptions) => { apply(compiler: unknown): void };

export default slabsmith;
