import { describe, expect, test } from "vitest";
import { choosePeers, PEERS } from "../../bench/peers/index.ts";
import { parseTrace } from "../../bench/trace.ts";
import { chooseWorkloads } from "../../bench/workloads/index.ts";
import { threadedWorkload } from "../../bench/workloads/threaded/index.ts";
import { traceReplay } from "../../bench/workloads/trace-replay.ts";

const everyCall = traceReplay(parseTrace("calls", "a 0 100\nz 1 64\nr 0 5000\nm 2 100 4096\nf 0\nf 1\nf 2"));

describe.each(PEERS.map((peer) => [peer.id, peer] as const))("%s", (_, peer) => {
  test.each([everyCall, ...chooseWorkloads(["W2/16x60", "W5"])])("runs $name", async (workload) => {
    const found = await peer.find();
    if ("unavailable" in found) {
      expect(found.unavailable).toMatch(/^not available/);
      return;
    }
    const open = await found.open(workload);
    try {
      expect(await open.sample({ samples: 2, seconds: 0.001 })).toEqual([
        expect.any(Number),
        expect.any(Number),
      ]);
    } finally {
      open.close();
    }
  });
});

describe.each(choosePeers(["mimalloc", "libc"]).map((peer) => [peer.id, peer] as const))("%s", (_, peer) => {
  test("runs the scripts of several threads", async () => {
    const found = await peer.find();
    if ("unavailable" in found) {
      expect(found.unavailable).toMatch(/^not available/);
      return;
    }
    const open = await found.openThreads?.(threadedWorkload({ id: "W6/xmalloc", threads: 4 }));
    expect(await open?.sample({ samples: 1, seconds: 0.001 })).toEqual([expect.any(Number)]);
    open?.close();
  });
});

test("a missing compiler is told with the way to get one", async () => {
  const compiler = process.env.CC;
  process.env.CC = "no-such-compiler";
  try {
    expect(await choosePeers(["libc"])[0]?.find()).toEqual({
      unavailable:
        "not available (spawn no-such-compiler ENOENT): " +
        "it needs a C compiler (Debian: apt-get install gcc libc6-dev)",
    });
  } finally {
    if (compiler === undefined) delete process.env.CC;
    else process.env.CC = compiler;
  }
});

test("peers are chosen by id", () => {
  expect(choosePeers(["all"])).toBe(PEERS);
  expect(choosePeers(["none"])).toEqual([]);
  expect(() => choosePeers(["jemalloc"])).toThrow(
    'unknown peer "jemalloc"; known: mimalloc, libc, thi.ng, cheap, all, none',
  );
});
