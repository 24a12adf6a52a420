/**
 * What stands for vitest where suites are run on mutants: tests are collected when their file is
 * loaded, and run one by one, as often as it takes. Only what the suites use of vitest is here.
 */
import { format } from "node:util";
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
} from "@vitest/expect";

export interface CollectedTest {
  /** File, groups and title. */
  readonly name: string;
  run(): Promise<void>;
}

type Body = (...given: never[]) => unknown;

export const collected: CollectedTest[] = [];

const groups: string[] = [];
const names = new Map<string, number>();

/** Loads a file of tests. */
export async function collect(file: string, load: () => Promise<unknown>): Promise<void> {
  groups.push(file);
  await load();
  groups.pop();
}

function define(title: string, body: () => unknown): void {
  const name = [...groups, title].join(" › ");
  const time = (names.get(name) ?? 0) + 1;
  names.set(name, time);
  collected.push({
    name: time === 1 ? name : `${name} #${time}`,
    run: async () => void (await body()),
  });
}

function group(title: string, body: () => unknown): void {
  groups.push(title);
  body();
  groups.pop();
}

/** `$name` is the case's property, `%s` the case or its next element. */
function titled(title: string, given: unknown): string {
  const named = title.replace(/\$(\w+)/g, (whole, property: string) => {
    const value = (given as Record<string, unknown>)[property];
    return value === undefined ? whole : String(value);
  });
  const places = named.match(/%[sdi]/g)?.length ?? 0;
  return places === 0 ? named : format(named, ...(Array.isArray(given) ? given : [given]).slice(0, places));
}

const each =
  (make: (title: string, body: () => unknown) => void) =>
  (cases: readonly unknown[]) =>
  (title: string, body: Body) => {
    for (const one of cases) {
      const given = Array.isArray(one) ? one : [one];
      make(titled(title, one), () => body(...(given as never[])));
    }
  };

export const test = Object.assign(define, {
  each: each(define),
  runIf: (condition: boolean) => (condition ? define : () => {}),
});
export const describe = Object.assign(group, { each: each(group) });

/** What is set up once for several tests is set up for each of them: there are mutants between. */
export function beforeAll(): void {
  throw new Error("a suite that sets something up for all its tests is no suite for mutants");
}

export const afterAll = beforeAll;

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** As vitest makes it, without what needs a runner. */
export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  (globalThis as unknown as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT],
);
