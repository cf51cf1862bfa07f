/** `RYADOM_FAKE_DESK=1 npx vite`: the dev server with the fake desk behind the pages. Addresses under /fake/ play the operator. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { FakeDesk } from "./fake_desk.js";
import { seed } from "./fake_desk_seed.js";

const PHOTO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200"><rect width="400" height="200" fill="#8ab"/></svg>';

export function fakeDesk(): Plugin {
  let desk = new FakeDesk();
  const answer = async (request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> => {
    const path = request.url ?? "";
    if (path.startsWith("/fake/")) {
      desk = new FakeDesk();
      seed(desk, path.slice("/fake/".length));
      return void response.writeHead(200).end("ok");
    }
    if (path.startsWith("/photos/")) return void response.writeHead(200, { "content-type": "image/svg+xml" }).end(PHOTO);
    if (!/^\/api\/v1\/(session|partner)/.test(path)) return next();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const found = desk.answer({
      method: request.method ?? "GET", path, headers: request.headers as Record<string, string>, text: Buffer.concat(chunks).toString(),
    });
    if (found === null) return next();
    response.writeHead(found.status, { "content-type": "application/json", "cache-control": "no-store", ...found.headers });
    response.end(found.status === 204 ? undefined : JSON.stringify(found.body));
  };
  return {
    name: "ryadom-fake-desk",
    configureServer: (server) => void server.middlewares.use((request, response, next) => void answer(request, response, next)),
  };
}
