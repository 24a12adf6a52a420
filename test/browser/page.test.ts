/** The suite of threads once more, in a page with two workers; and heaps of one thread there. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { variants } from "../support/variants.ts";
import { cases } from "./cases.ts";
import { type Browser, chromium, open } from "./chromium.ts";
import type { Report } from "./page.ts";
import { type Server, serve } from "./server.ts";

const skipped = chromium === undefined ? " (skipped: there is none; CHROMIUM_PATH can name one)" : "";
if (skipped !== "") console.warn(`test/browser${skipped}`);

describe.skipIf(chromium === undefined)(`a page in Chromium${skipped}`, () => {
  const settle = new Map<string, (report: Report) => void>();
  const reports = new Map(
    cases.map(({ title }) => [title, new Promise<Report>((resolve) => settle.set(title, resolve))]),
  );
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    server = await serve(variants, (report) => {
      if (report.title !== undefined) settle.get(report.title)?.(report);
      else for (const resolve of settle.values()) resolve(report);
    });
    browser = open(String(chromium), server.url);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  for (const { title } of cases) {
    test(title, async () => {
      const { error } = (await Promise.race([reports.get(title), browser.failed])) ?? {};
      if (error !== undefined) throw new Error(error);
    });
  }
});
