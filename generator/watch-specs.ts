/** Watches spec files, and does something again whenever one of them may have changed. */
import { type FSWatcher, watch } from "node:fs";
import { dirname, resolve } from "node:path";
import pc from "picocolors";
import { isPresetName } from "../spec/preset-names.ts";
import { UserError } from "../spec/user-error.ts";

/** An editor saves a file in several steps. */
const SETTLING_MS = 50;

/**
 * Until the process is interrupted. A mistake in a spec is told, and waited for to go away. Folders
 * are watched, not files: editors put a new file in an old one's place, and a spec may extend or
 * import what lies beside it.
 */
export async function watchSpecs(sources: readonly string[], renew: () => Promise<void>): Promise<void> {
  const files = sources.filter((source) => !isPresetName(source)).map((file) => resolve(file));
  if (files.length === 0) throw new UserError("--watch: presets do not change; name a spec file");
  const attempt = async () => {
    try {
      await renew();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      process.stderr.write(`${pc.red("slabsmith:")} ${error.message}\n`);
    }
    process.stderr.write(`${pc.dim("waiting for changes; Ctrl-C ends")}\n`);
  };
  await new Promise<never>((_, fail) => {
    let running = Promise.resolve();
    let timer: NodeJS.Timeout | undefined;
    const changed = (_event: string, name: string | null) => {
      if (name !== null && !/\.(jsonc?|[cm]?[jt]s)$/.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        running = running.then(attempt).catch(fail);
      }, SETTLING_MS);
    };
    const watchers: FSWatcher[] = [...new Set(files.map(dirname))].map((folder) => watch(folder, changed));
    for (const watcher of watchers) watcher.on("error", fail);
    // Last: what changes while the first attempt is under way is not missed.
    running = attempt().catch(fail);
  });
}
