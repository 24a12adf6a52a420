#!/usr/bin/env node
// The generator is TypeScript and is run as it stands; specs may be, too.
import { register } from "tsx/esm/api";

register();
const { main } = await import("./cli.ts");
process.exitCode = await main(process.argv.slice(2));
