/**
 * A page: sections of charts and tables as one HTML file that needs nothing else. Charts are drawn
 * by Apache ECharts in the browser; only the parts of it that are used are bundled in. A chart
 * says what it shows, not how it looks: colours follow the reader's light or dark.
 */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import Handlebars from "handlebars";
import type { Chart } from "./chart.ts";

export interface Page {
  readonly title: string;
  /** What the page says, in a few sentences. */
  readonly lead: readonly string[];
  readonly sections: readonly Section[];
  /** Under what circumstances: machine, versions, settings. */
  readonly circumstances: readonly string[];
  readonly warnings: readonly string[];
  /** What to type for the same page. */
  readonly command: string;
}

export interface Section {
  readonly title: string;
  readonly text?: string;
  readonly charts?: readonly Chart[];
  readonly tables?: readonly PageTable[];
}

export interface PageTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** So many columns from the left are words, the others numbers. */
  readonly words: number;
}

const CLIENT = fileURLToPath(new URL(`./client/main${extname(import.meta.url)}`, import.meta.url));
const TEMPLATE = new URL("../../templates/frame/report.html.hbs", import.meta.url);

export async function pageHtml(page: Page): Promise<string> {
  const charts: Chart[] = [];
  const sections = page.sections.map(({ title, text, charts: own = [], tables = [] }) => ({
    title,
    text,
    charts: own.map((chart) => ({ index: charts.push(chart) - 1, title: chart.title })),
    tables: tables.map(({ head, rows, words }) => ({
      head: head.map((text, at) => ({ text, isNumber: at >= words })),
      rows: rows.map((cells) => cells.map((text, at) => ({ text, isNumber: at >= words }))),
    })),
  }));
  const render = Handlebars.compile(readFileSync(TEMPLATE, "utf8"), { strict: true });
  return render({
    ...page,
    sections,
    // `<` would end the script that holds it.
    data: JSON.stringify(charts).replaceAll("<", "\\u003c"),
    script: (await bundledClient()).replaceAll("</script", "<\\/script"),
  });
}

async function bundledClient(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [CLIENT],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    legalComments: "inline",
    logLevel: "error",
  });
  return outputFiles[0]!.text;
}
