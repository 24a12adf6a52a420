/** The plug-in for esbuild. */
import { type PluginOptions, plugin } from "./plugin.ts";

export type { PluginOptions };

/** Its type says no more than esbuild asks for, so that it needs no types of esbuild's. */
const slabsmith = plugin.esbuild as (options?: PluginOptions) => {
  readonly name: string;
  setup(build: unknown): void;
};

export default slabsmith;
