/** Each page in headless Chromium: its charts are drawn, and nothing is logged. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Chart } from "../../generator/report/chart.ts";
import { type Page, pageHtml } from "../../generator/report/page.ts";
import { chromium } from "../browser/chromium.ts";
import { pages } from "./pages.ts";

const skipped = chromium === undefined ? " (skipped: there is none; CHROMIUM_PATH can name one)" : "";
if (skipped !== "") console.warn(`test/report${skipped}`);

const folder = mkdtempSync(join(tmpdir(), "slabsmith-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

interface Seen {
  /** The page after its script has run. */
  readonly dom: string;
  /** What it wrote to the console, and errors. */
  readonly logged: readonly string[];
}

/** The preferred colours as Chromium counts them. */
const DARK = "--blink-settings=preferredColorScheme=0";

async function look(name: string, html: string, ...flags: string[]): Promise<Seen> {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, html);
  const profile = join(folder, `${name}-profile`);
  const common = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--enable-logging=stderr"];
  const options = [...common, `--user-data-dir=${profile}`, "--virtual-time-budget=2000", "--dump-dom"];
  const child = spawn(String(chromium), [...options, ...flags, `file://${file}`]);
  let dom = "";
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (dom += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
  return { dom, logged: log.split("\n").filter((line) => /CONSOLE|Uncaught/.test(line)) };
}

/** Bars, points, lines or cells of a chart. */
function marksOf(chart: Chart): number {
  switch (chart.kind) {
    case "bars":
      return chart.series.flatMap(({ values }) => values).length;
    case "lines":
      return chart.series.length;
    case "scatter":
      return chart.series.flatMap(({ points }) => points).length;
    case "heat":
      return chart.values.flat().length;
  }
}

/** By their colours, which axes do not have. A legend has a mark for each series; of lines, two. */
function marksIn(svg: string, chart: Chart): number {
  const paths = svg.match(/<path d="M[^>]*>/g) ?? [];
  if (chart.kind === "heat") return paths.filter((path) => path.includes('stroke="#ffffff"')).length;
  const coloured = paths.filter((path) => SERIES.some((colour) => path.includes(`"${colour}"`)));
  return coloured.length - chart.series.length * (chart.kind === "lines" ? 2 : 1);
}

/** Of the style sheet, light. */
const SERIES = ["#0969da", "#bc4c00", "#1a7f37", "#8250df"];

const chartsOf = ({ sections }: Page) => sections.flatMap(({ charts = [] }) => charts);

describe.skipIf(chromium === undefined).concurrent(`pages in Chromium${skipped}`, () => {
  for (const [name, make] of Object.entries(pages)) {
    test(`${name}: every chart is drawn, and no error is logged`, async () => {
      const page = make();
      const { dom, logged } = await look(name, await pageHtml(page));
      expect(logged).toEqual([]);
      const drawn = dom.split('class="chart"').slice(1);
      expect(drawn).toHaveLength(chartsOf(page).length);
      for (const [index, text] of drawn.entries()) {
        const svg = text.slice(text.indexOf("<svg"), text.indexOf("</svg>"));
        const chart = chartsOf(page)[index] as Chart;
        expect(marksIn(svg, chart), chart.title).toBeGreaterThanOrEqual(marksOf(chart));
      }
      for (const text of [page.title, page.command]) expect(dom).toContain(text);
    });
  }

  test("dark and narrow: the charts take the reader's colours and the width there is", async () => {
    const html = await pageHtml(pages.bench!());
    const { dom, logged } = await look("dark", html, DARK, "--window-size=500,900");
    expect(logged).toEqual([]);
    const svg = dom.slice(dom.indexOf("<svg"), dom.indexOf("</svg>"));
    expect(svg).toContain("#e6edf3");
    expect(svg).not.toContain("#1f2328");
    expect(Number(/width="(\d+)"/.exec(svg)?.[1])).toBeLessThanOrEqual(500);
  });
});

test("a page needs nothing from elsewhere, and what it shows cannot end its script", async () => {
  const page = pages.bench!();
  const html = await pageHtml({ ...page, title: "</script><b>" });
  expect(html).not.toMatch(/(src|href)="?http/);
  expect(html).toContain("default-src 'none'");
  expect(html).toContain("&lt;/script&gt;&lt;b&gt;");
  expect(html).toContain("a &lt;processor&gt;");
  expect(html.match(/<\/script>/g)).toHaveLength(2);
});
