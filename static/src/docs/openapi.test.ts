import { describe, expect, it } from "vitest";
import { curl, exampleOf, groups, resolve, typeName, type OpenApi } from "./openapi.js";

const DOCUMENT: OpenApi = {
  tags: [{ name: "second", description: "The second" }, { name: "first" }, { name: "unused" }],
  paths: {
    "/a/{id}": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", example: "x y" } }],
      get: { tags: ["first"], operationId: "find_a", parameters: [{ $ref: "#/components/parameters/lang" }] },
    },
    "/b": {
      post: {
        tags: ["second"],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Ask" } } } },
      },
      get: {},
    },
  },
  components: {
    parameters: { lang: { name: "lang", in: "query", schema: { type: "string", example: "ru" } } },
    schemas: {
      Ask: { type: "object", properties: { lon: { type: "number", example: 41.9642 }, name: { type: "string", default: "it's" } } },
      Loop: { type: "object", properties: { inner: { $ref: "#/components/schemas/Loop" } } },
    },
  },
};

describe("an OpenAPI document", () => {
  it("is grouped by tag in its own order, the untagged last", () => {
    const found = groups(DOCUMENT, "Other").map(({ name, operations }) => [name, operations.map(({ id }) => id)]);
    expect(found).toEqual([["second", ["post-b"]], ["first", ["find_a"]], ["Other", ["get-b"]]]);
  });

  it("shares a path's parameters and follows references", () => {
    const operation = groups(DOCUMENT, "Other")[1]?.operations[0];
    expect(operation?.parameters.map(({ name }) => name)).toEqual(["id", "lang"]);
    expect(resolve(DOCUMENT, { $ref: "#/nowhere" })).toEqual({ $ref: "#/nowhere" });
  });

  it("names types in a few words", () => {
    expect(typeName({ type: ["string", "null"], format: "date-time" })).toBe("string (date-time) | null");
    expect(typeName({ type: "array", items: { $ref: "#/components/schemas/Ask" } })).toBe("array of Ask");
    expect(typeName({ oneOf: [{ $ref: "#/x/Ask" }, { type: "null" }] })).toBe("Ask | null");
  });

  it("makes examples, also of a schema that holds itself", () => {
    expect(exampleOf(DOCUMENT, { $ref: "#/components/schemas/Ask" })).toEqual({ lon: 41.9642, name: "it's" });
    expect(exampleOf(DOCUMENT, { $ref: "#/components/schemas/Loop" })).toBeTypeOf("object");
  });

  it("writes a command that a shell takes whole", () => {
    const [post, get] = groups(DOCUMENT, "Other").map(({ operations }) => operations[0]!);
    expect(curl(DOCUMENT, get!, "https://x")).toBe("curl 'https://x/a/x%20y?lang=ru'");
    expect(curl(DOCUMENT, post!, "https://x")).toBe(
      `curl -X POST 'https://x/b' \\\n  -H 'content-type: application/json' \\\n  -d '{"lon":41.9642,"name":"it'\\''s"}'`);
  });
});
