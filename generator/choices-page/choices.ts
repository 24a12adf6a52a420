/** Every choice of a spec, read from the schema: path, meaning, default, allowed values. */
import { z } from "zod";
import { choicesSchema } from "../../spec/schema.ts";

/** The part of JSON Schema that the choices of a spec come to. */
interface Shape {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  /** The number counts bytes. */
  readonly bytes?: boolean;
}

export interface Choice {
  /** Dotted path, such as `tiers.fast.cap`. */
  readonly path: string;
  readonly meaning: string;
  /** Undefined where the meaning says what happens without it. */
  readonly standard: unknown;
  readonly shape: Shape;
  /** It is an object of other choices, which is there or is not. */
  readonly isSwitch: boolean;
}

export interface Section {
  /** Key of the section; "" holds the choices that stand in none. */
  readonly name: string;
  readonly meaning: string;
  readonly choices: readonly Choice[];
}

/** All choices, in the order of the schema. */
export function sections(): Section[] {
  const { properties = {} } = z.toJSONSchema(choicesSchema, { io: "output" }) as Shape;
  const alone: Choice[] = [];
  const found: Section[] = [];
  for (const [key, shape] of Object.entries(properties)) {
    const isSection = shape.properties !== undefined;
    if (!isSection) alone.push(...choicesAt(key, shape));
    else found.push({ name: key, meaning: shape.description ?? "", choices: choicesIn(key, shape) });
  }
  return [{ name: "", meaning: "Choices of the whole heap", choices: alone }, ...found];
}

function choicesIn(path: string, { properties = {} }: Shape): Choice[] {
  return Object.entries(properties).flatMap(([key, shape]) => choicesAt(`${path}.${key}`, shape));
}

/** A choice, and those that stand inside it. */
function choicesAt(path: string, shape: Shape): Choice[] {
  const object = shape.anyOf?.find(({ properties }) => properties !== undefined);
  const own: Choice = {
    path,
    meaning: shape.description ?? "",
    standard: shape.default,
    shape,
    isSwitch: object !== undefined && shape.anyOf?.some((each) => each.const === false) === true,
  };
  return [own, ...(object === undefined ? [] : choicesIn(path, object))];
}

/** Values that stand for all that the schema allows, the default among them. */
export function sampleValues({ shape, standard, isSwitch }: Choice): unknown[] {
  if (isSwitch) return [false, {}];
  if (shape.enum !== undefined) return [...shape.enum];
  if (shape.type === "boolean") return [false, true];
  return shape.minimum === 0 ? [0, standard] : [];
}
