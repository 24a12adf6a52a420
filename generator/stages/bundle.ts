/** Bundle: the allocator as JavaScript, readable and minified, and what it weighs. */
import { gzipSync } from "node:zlib";
import { transform } from "esbuild";

export interface Bundle {
  readonly readable: string;
  readonly minified: string;
  readonly bytes: { readonly raw: number; readonly min: number; readonly gzip: number };
}

export async function bundle(text: string): Promise<Bundle> {
  const [readable, minified] = await Promise.all([
    transform(text, { loader: "ts", format: "esm", target: "es2022" }),
    transform(numbersFirst(text), {
      loader: "ts",
      format: "esm",
      target: "es2022",
      minify: true,
      treeShaking: true,
    }),
  ]);
  const bytes = {
    raw: Buffer.byteLength(readable.code),
    min: Buffer.byteLength(minified.code),
    gzip: gzipSync(minified.code, { level: 9 }).length,
  };
  return { readable: readable.code, minified: minified.code, bytes };
}

/**
 * esbuild writes a constant's value in its place only where nothing but constants stands before it.
 */
function numbersFirst(text: string): string {
  const number = /^const [A-Z0-9_]+(: \w+)? = \d+;/;
  const lines = text.split("\n");
  return [...lines.filter((line) => number.test(line)), ...lines.filter((line) => !number.test(line))].join(
    "\n",
  );
}
