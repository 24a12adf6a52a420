import { z } from "zod";
import { BYTE_TEXT } from "./bytes.ts";
import { choicesSchema, specSchema } from "./schema.ts";

/**
 * The JSON Schema by which editors complete and check spec files; kept in `slabsmith.schema.json`.
 */
export function specJsonSchema(): object {
  return z.toJSONSchema(specSchema, {
    io: "input",
    override({ jsonSchema }) {
      if (!("bytes" in jsonSchema)) return;
      const { bytes: _, description, default: standard, ...number } = jsonSchema;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, {
        ...(description !== undefined && { description }),
        ...(standard !== undefined && { default: standard }),
        anyOf: [number, { type: "string", pattern: BYTE_TEXT.source }],
      });
    },
  });
}

/** The same for what a spec is once its defaults are filled in. */
export function specOutputJsonSchema(): object {
  return z.toJSONSchema(choicesSchema, {
    io: "output",
    override({ jsonSchema }) {
      delete jsonSchema.bytes;
    },
  });
}
