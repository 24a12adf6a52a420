/** An empty project in which the packed package is installed, and what one does in it. */
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

export interface Packed {
  /** The tarball. */
  readonly file: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
  readonly paths: readonly string[];
}

/** Builds and packs this package, as `npm publish` would. */
export async function pack(folder: string): Promise<Packed> {
  await run("npm", ["run", "-s", "build"], { cwd: ROOT });
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: ROOT,
  });
  const [{ filename, size, unpackedSize, files }] = JSON.parse(stdout) as [
    { filename: string; size: number; unpackedSize: number; files: { path: string }[] },
  ];
  const paths = files.map(({ path }) => path);
  return { file: join(folder, filename), bytes: size, unpackedBytes: unpackedSize, paths };
}

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "slabsmith-project-"));
  /** The Node that its commands run on. */
  node = process.execPath;

  constructor() {
    this.write("package.json", '{ "name": "empty", "version": "1.0.0", "type": "module" }\n');
  }

  /**
   * The package with the dependencies that it declares, and no others: those are this project's
   * own. So whatever is used and not declared is missed, without a registry.
   */
  async link({ file }: Packed): Promise<void> {
    const modules = join(this.folder, "node_modules");
    mkdirSync(modules);
    await run("tar", ["-xzf", file, "-C", modules]);
    renameSync(join(modules, "package"), join(modules, "slabsmith"));
    const { dependencies } = JSON.parse(readFileSync(join(modules, "slabsmith/package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) this.linkPackage(name);
  }

  linkPackage(name: string): void {
    const link = join(this.folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), link);
  }

  async install(...what: readonly string[]): Promise<void> {
    const options = ["--no-audit", "--no-fund", "--prefer-offline"];
    await run("npm", ["install", ...options, ...what], { cwd: this.folder });
  }

  copy(from: string, name: string): void {
    cpSync(from, join(this.folder, name), { recursive: true });
  }

  write(name: string, text: string): string {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** The program that the package's `bin` names. */
  slabsmith(...args: readonly string[]): Promise<Outcome> {
    const { bin } = JSON.parse(this.read("node_modules/slabsmith/package.json"));
    return this.run(this.node, join("node_modules/slabsmith", bin.slabsmith), ...args);
  }

  /** A module's text, run in the project. */
  module(text: string): Promise<Outcome> {
    return this.run(this.node, "--input-type=module", "--eval", text);
  }

  async run(command: string, ...args: readonly string[]): Promise<Outcome> {
    // Nothing of the surroundings, a loader above all, may come in.
    const env = { ...process.env, NO_COLOR: "1", NODE_OPTIONS: "" };
    try {
      const { stdout, stderr } = await run(command, args, { cwd: this.folder, env });
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
