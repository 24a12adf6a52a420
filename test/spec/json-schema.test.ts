import { expect, test } from "vitest";
import { specJsonSchema } from "../../spec/json-schema.ts";

test("slabsmith.schema.json is the schema as it stands; `vitest -u` renews it", async () => {
  const text = `${JSON.stringify(specJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../spec/slabsmith.schema.json");
});
