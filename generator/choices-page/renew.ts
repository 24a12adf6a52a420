/**
 * Measures what every choice costs, and writes `docs/choices.md` anew. It builds two variants for
 * each choice.
 */
import { writeFileSync } from "node:fs";
import { sections } from "./choices.ts";
import { measureCosts } from "./costs.ts";
import { choicesPage } from "./page.ts";

const costs = await measureCosts(sections().flatMap(({ choices }) => choices));
const write = (path: string, text: string) => writeFileSync(new URL(path, import.meta.url), text);
write("measured-costs.json", `${JSON.stringify(costs, null, 2)}\n`);
write("../../docs/choices.md", choicesPage(costs));
