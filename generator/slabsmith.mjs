#!/usr/bin/env node
// The generator is TypeScript and is run as it stands. So are specs, and where no package.json says
// "module" Node takes their .ts files for CommonJS: hence both hooks.
import { register as registerCommonJs } from "tsx/cjs/api";
import { register } from "tsx/esm/api";

register();
registerCommonJs();
const { main } = await import("./cli.ts");
process.exitCode = await main(process.argv.slice(2));
