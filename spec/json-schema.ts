import { z } from "zod";
import { specSchema } from "./schema.ts";

/** The JSON Schema by which editors complete and check spec files; kept in `slabsmith.schema.json`. */
export function specJsonSchema(): object {
  return z.toJSONSchema(specSchema, { io: "input" });
}
