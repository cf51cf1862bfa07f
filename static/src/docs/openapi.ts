/** Reading an OpenAPI 3.1 document: only what the reference page shows, and forgiving, for the document may grow. */

export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly schema?: Schema;
  readonly example?: unknown;
}

export interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
}

export interface Content {
  readonly $ref?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, Media>>;
}

interface RawOperation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
}

export interface OpenApi {
  readonly info?: { readonly title?: string; readonly version?: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Operation extends RawOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
}

export interface Group {
  readonly name: string;
  readonly description: string | undefined;
  readonly operations: readonly Operation[];
}

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options"];

/** What `thing` points to, when it is a local reference; itself otherwise. */
export function resolve<T>(document: OpenApi, thing: T & { readonly $ref?: string }): T {
  const path = thing.$ref?.startsWith("#/") === true ? thing.$ref.slice(2).split("/") : null;
  if (path === null) return thing;
  let found: unknown = document;
  for (const part of path) {
    found = (found as Record<string, unknown> | undefined)?.[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return (found as T | undefined) ?? thing;
}

/** Operations by their first tag, tags in the document's own order, those without one last under `other`. */
export function groups(document: OpenApi, other: string): readonly Group[] {
  const byTag = new Map<string, Operation[]>((document.tags ?? []).map(({ name }) => [name, []]));
  const untagged: Operation[] = [];
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      const raw = item[method] as RawOperation | undefined;
      if (raw === undefined) continue;
      const shared = (item["parameters"] as readonly Parameter[] | undefined) ?? [];
      const parameters = [...shared, ...(raw.parameters ?? [])].map((parameter) => resolve(document, parameter));
      const id = raw.operationId ?? `${method}${path.replaceAll(/[^a-z0-9]+/gi, "-")}`;
      const operation: Operation = { ...raw, id, method, path, parameters };
      const tag = raw.tags?.[0];
      if (tag === undefined) untagged.push(operation);
      else byTag.set(tag, [...(byTag.get(tag) ?? []), operation]);
    }
  }
  const tagged = [...byTag].map(([name, operations]) => ({
    name, operations, description: document.tags?.find((tag) => tag.name === name)?.description,
  }));
  return [...tagged, { name: other, description: undefined, operations: untagged }].filter((group) => group.operations.length > 0);
}

/** A schema's type in a few words: `string (date-time) | null`, `array of Feature`. */
export function typeName(schema: Schema | undefined): string {
  if (schema === undefined) return "any";
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "any";
  const some = schema.oneOf ?? schema.anyOf;
  if (some !== undefined) return [...new Set(some.map(typeName))].join(" | ");
  if (schema.allOf !== undefined) return schema.allOf.map(typeName).join(" & ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const types = schema.type === undefined ? [] : typeof schema.type === "string" ? [schema.type] : schema.type;
  if (types.length === 0) return schema.properties === undefined ? "any" : "object";
  return types
    .map((type) => {
      if (type === "array") return `array of ${typeName(schema.items ?? schema.prefixItems?.[0])}`;
      return schema.format !== undefined && type !== "null" ? `${type} (${schema.format})` : type;
    })
    .join(" | ");
}

/** An example of `schema`: the document's own where it gives one, else made up from the types. */
export function exampleOf(document: OpenApi, schema: Schema | undefined, depth = 0): unknown {
  if (schema === undefined || depth > 8) return null;
  const given = schema.example ?? schema.examples?.[0] ?? schema.const ?? schema.default ?? schema.enum?.[0];
  if (given !== undefined) return given;
  if (schema.$ref !== undefined) {
    const target = resolve<Schema>(document, schema);
    return target === schema ? null : exampleOf(document, target, depth + 1);
  }
  const some = schema.oneOf ?? schema.anyOf;
  if (some !== undefined) return exampleOf(document, some.find(({ type }) => type !== "null"), depth + 1);
  if (schema.allOf !== undefined) {
    return Object.assign({}, ...schema.allOf.map((part) => exampleOf(document, part, depth + 1)));
  }
  if (schema.properties !== undefined) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, value]) => [name, exampleOf(document, value, depth + 1)]));
  }
  const type = typeof schema.type === "string" ? schema.type : schema.type?.find((one) => one !== "null");
  switch (type) {
    case "array":
      return schema.prefixItems?.map((item) => exampleOf(document, item, depth + 1))
        ?? (schema.items === undefined ? [] : [exampleOf(document, schema.items, depth + 1)]);
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return true;
    case "string":
      return schema.format === "date-time" ? "2026-11-22T18:00:00+03:00" : schema.format === "date" ? "2026-11-22" : "…";
    case "object":
      return {};
    default:
      return null;
  }
}

/** The example of an answer or a body, as text, in the form its media type writes. */
export function mediaExample(document: OpenApi, media: Media, mediaType: string): string | null {
  const given = media.example ?? Object.values(media.examples ?? {})[0]?.value;
  const value = given ?? exampleOf(document, media.schema);
  if (typeof value === "string") return value;
  if (value === null || value === undefined || !mediaType.includes("json")) return null;
  return JSON.stringify(value, null, 2);
}

/** A command that can be pasted into a shell: required parameters, and those that come with an example. */
export function curl(document: OpenApi, operation: Operation, origin: string): string {
  let path = operation.path;
  const query: string[] = [];
  for (const parameter of operation.parameters) {
    const own = parameter.example ?? parameter.schema?.example ?? parameter.schema?.examples?.[0];
    if (parameter.in === "path") {
      const value = own ?? exampleOf(document, parameter.schema);
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(String(value === "…" ? parameter.name.toUpperCase() : value)));
    } else if (parameter.in === "query" && (parameter.required === true || own !== undefined)) {
      const value = String(own ?? exampleOf(document, parameter.schema) ?? "");
      query.push(`${parameter.name}=${encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3A", ":")}`);
    }
  }
  const url = `${origin}${path}${query.length === 0 ? "" : `?${query.join("&")}`}`;
  const lines = [operation.method === "get" ? `curl ${quote(url)}` : `curl -X ${operation.method.toUpperCase()} ${quote(url)}`];
  const body = operation.requestBody === undefined ? undefined : resolve(document, operation.requestBody);
  const [mediaType, media] = Object.entries(body?.content ?? {})[0] ?? [];
  if (mediaType !== undefined && media !== undefined) {
    lines.push(`-H ${quote(`content-type: ${mediaType}`)}`);
    const example = mediaExample(document, media, mediaType);
    if (example !== null) lines.push(`-d ${quote(mediaType.includes("json") ? compact(example) : example)}`);
  }
  return lines.join(" \\\n  ");
}

function compact(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
