/** The watchdog of suites that run kernels: whatever goes round for ever is ended, and named. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("a test that never ends is named, with what it plays, and does not stop the run", () => {
  const project = fileURLToPath(new URL("../..", import.meta.url));
  const { status, stderr, signal } = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--config", "test/watchdog/fixtures/vitest.config.ts"],
    { cwd: project, encoding: "utf8", timeout: 100_000, env: { ...process.env, WATCHDOG_MS: "1500" } },
  );
  expect(signal).toBe(null);
  expect(status).toBe(1);
  expect(stderr).toContain(
    'watchdog: no end after 2 s: test/watchdog/fixtures/hang.ts, one that does not; a script of 2 operations: [{"call":"malloc","slot":0,"size":7}',
  );
  expect(stderr).toContain("at operation 1");
});
