/** Size classes. */
import type { Choices } from "../schema.ts";
import { firstClass, sizeClassList } from "../size-classes.ts";
import { largestSlab } from "../slab-spans.ts";
import type { Finding } from "./rule.ts";

/** Class tables hold a class in a byte, 0 is no class. */
const MAX_CLASSES = 255;

export function* classRule(spec: Choices): Iterable<Finding> {
  if (Array.isArray(spec.sizeClasses)) return;
  const { last } = spec.sizeClasses;
  const first = firstClass(spec);
  if (first > last) {
    yield ["sizeClasses.first", `${first} is above sizeClasses.last ${last}`, "lower first or raise last"];
  }
}

export function* classSizes(spec: Choices): Iterable<Finding> {
  const { sizeClasses, alignment, geometry, header, threads } = spec;
  const isList = Array.isArray(sizeClasses);
  const largest = geometry.spans ? largestSlab(geometry) : geometry.slabBytes;
  // Of a rule, first and last decide: what lies between them is made to fit.
  const sizes: readonly (readonly [path: string, bytes: number])[] = isList
    ? sizeClasses.map((bytes, index) => [`sizeClasses.${index}`, bytes] as const)
    : [
        ["sizeClasses.first", firstClass(spec)],
        ["sizeClasses.last", sizeClasses.last],
      ];

  for (const [path, bytes] of sizes) {
    if (bytes < alignment) {
      yield [
        path,
        `${bytes} is below alignment ${alignment}`,
        `use at least ${alignment}, or a smaller alignment`,
      ];
    } else if (bytes % alignment !== 0) {
      yield [
        path,
        `${bytes} is not a multiple of alignment ${alignment}`,
        `use ${Math.ceil(bytes / alignment) * alignment}`,
      ];
    }
    if (bytes > largest) {
      yield geometry.spans
        ? [
            path,
            `${bytes} is above a quarter of geometry.superSlabBytes ${geometry.superSlabBytes}`,
            `use at most ${largest}`,
          ]
        : [
            path,
            `${bytes} is above geometry.slabBytes ${geometry.slabBytes}`,
            `use at most ${largest}${threads > 1 ? " or a larger slabBytes" : ", a larger slabBytes, or geometry.spans true"}`,
          ];
    }
  }
  if (isList) {
    for (let index = 1; index < sizeClasses.length; index++) {
      if (sizeClasses[index] > sizeClasses[index - 1]) continue;
      yield [
        `sizeClasses.${index}`,
        `${sizeClasses[index]} does not increase on ${sizeClasses[index - 1]} before it`,
        "list every size once, in ascending order",
      ];
    }
  } else if (sizes.every(([, bytes]) => bytes <= largest) && sizeClassList(spec).length > MAX_CLASSES) {
    yield [
      "sizeClasses.stepsPerDoubling",
      `${sizeClasses.stepsPerDoubling} makes ${sizeClassList(spec).length} classes up to sizeClasses.last ${sizeClasses.last}, more than ${MAX_CLASSES}`,
      "use fewer steps or a smaller last",
    ];
  }
  const [smallestPath, smallest] = sizes[0];
  if (header && smallest <= alignment) {
    yield [
      smallestPath,
      `${smallest} leaves no room behind a header of ${alignment}`,
      `use at least ${2 * alignment}, or header false`,
    ];
  }
}
