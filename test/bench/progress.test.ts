import { expect, test } from "vitest";
import { createProgress, duration, estimate } from "../../bench/progress.ts";

test("without a terminal every step has a line", () => {
  let told = "";
  const stream = { write: (text: string) => (told += text) } as unknown as NodeJS.WriteStream;
  const progress = createProgress(stream);
  progress.start("boiling", 2);
  progress.step("water");
  progress.step("tea");
  progress.stop();
  expect(told).toBe("boiling 1/2: water\nboiling 2/2: tea\n");
});

test("time left is told once something is known, as if the rest went as fast", () => {
  let now = 1000;
  const timeLeft = estimate(10, () => now);
  expect(timeLeft(0)).toBe("");
  now += 4000;
  expect(timeLeft(1)).toBe("");
  now += 4000;
  expect(timeLeft(0)).toBe("");
  expect(timeLeft(2)).toBe("32 s left");
  now += 1_000_000;
  expect(timeLeft(2)).toBe("1 h 8 min left");
});

test.each([
  [900, "1 s"],
  [59_000, "59 s"],
  [60_001, "2 min"],
  [3_600_000, "1 h 0 min"],
])("%i ms are %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
