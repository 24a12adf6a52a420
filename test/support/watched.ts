/** Set-up of every test file; those of suites that run kernels get a watchdog. */
import { expect } from "vitest";
import { watch } from "./watchdog.ts";

const WATCHED = /\/test\/(heap|threads|check|pairwise)\//;

if (WATCHED.test(expect.getState().testPath ?? "")) watch();
