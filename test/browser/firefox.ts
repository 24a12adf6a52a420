/** Firefox without a window. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "./chromium.ts";
import { browserOf } from "./chromium.ts";

const PATH = process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr";

/** The browser's executable, if there is one: `FIREFOX_PATH`, or Debian's. */
export const firefox = existsSync(PATH) ? PATH : undefined;

/** Nothing is asked of the network, and nothing of the user. */
const PREFERENCES = {
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

/** Opens a page in a browser of its own, which knows nothing of others. */
export function openFirefox(executable: string, url: string): Browser {
  const profile = mkdtempSync(join(tmpdir(), "slabsmith-firefox-"));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${value});\n`);
  writeFileSync(join(profile, "user.js"), lines.join(""));
  const options = ["--headless", "--no-remote", "--profile", profile, url];
  return browserOf(spawn(executable, options, { stdio: ["ignore", "ignore", "pipe"] }), profile);
}
