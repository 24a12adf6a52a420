/** What the page does. Node knows it by the titles. */
import { type Effort, type Scenario, type Subject, scenarios } from "../threads/scenarios.ts";
import { smoke } from "./smoke.ts";

export interface Case {
  readonly title: string;
  /** The variant whose build it takes. */
  readonly build: string;
  run(subject: Subject): Promise<void>;
}

/** A killed worker runs for another two seconds before the browser ends it: there are few. */
const effort: Effort = { operations: 1_000_000, workers: 2, kills: 2 };

const inPage = (build: string) =>
  scenarios.map(
    ({ title, run }: Scenario): Case => ({
      title: `${build}: ${title}`,
      build,
      run: (subject) => run(subject, effort),
    }),
  );

const alone = (build: string): Case => ({
  title: `${build}: one thread`,
  build,
  run: async ({ module, kernel }) => smoke(module, kernel),
});

export const cases: readonly Case[] = [
  ...inPage("shared"),
  ...inPage("shared-wasm"),
  alone("single"),
  alone("wasm"),
];
