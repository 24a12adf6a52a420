import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    maxWorkers: 2,
    setupFiles: ["test/support/watched.ts"],
    // Generating a variant takes seconds on a cold process, and machines differ: time is no verdict
    // here.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
