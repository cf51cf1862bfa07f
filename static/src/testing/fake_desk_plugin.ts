/**
 * `RYADOM_FAKE_DESK=1 npx vite` (or `vite preview`, with the built pages and the binary's Content-Security-Policy): the
 * fake desk behind the pages. `/fake/full` and its kin (fake_desk_seed.ts) put it into a state; a link by mail begins
 * a new one.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { FakeDesk, problem } from "./fake_desk.js";
import { seed } from "./fake_desk_seed.js";

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
  + "manifest-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const PHOTO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200"><rect width="400" height="200" fill="#8ab"/></svg>';

export function fakeDesk(): Plugin {
  let desk = new FakeDesk();
  /** Put into a state by hand: everybody is signed in. */
  let seeded = false;
  const mails: { to: string; subject: string; text: string; at: string }[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> => {
    const path = request.url ?? "";
    if (path.startsWith("/fake/")) {
      desk = new FakeDesk();
      seeded = true;
      seed(desk, path.slice("/fake/".length));
      return void response.writeHead(200).end("ok");
    }
    if (path === "/dev/mail.json") return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(mails));
    if (path.startsWith("/photos/")) return void response.writeHead(200, { "content-type": "image/svg+xml" }).end(PHOTO);
    if (!/^\/api\/v1\/(session|partner)/.test(path)) return next();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if (path === "/api/v1/session/link") {
      desk = new FakeDesk();
      seeded = false;
      mails.push({ to: (JSON.parse(text) as { email: string }).email, subject: "", text: "/sign-in#manager", at: new Date().toISOString() });
    }
    const isIn = seeded || path === "/api/v1/session/link" || (path === "/api/v1/session" && request.method === "POST") || /fake=1/.test(request.headers.cookie ?? "");
    const found = isIn
      ? desk.answer({ method: request.method ?? "GET", path, headers: request.headers as Record<string, string>, text })
      : problem(401, "not-signed-in", "Войдите");
    if (found === null) return next();
    response.writeHead(found.status, { "content-type": "application/json", "cache-control": "no-store", ...(path === "/api/v1/session" && found.status === 200 ? { "set-cookie": "fake=1; HttpOnly; SameSite=Lax" } : {}), ...found.headers });
    response.end(found.status === 204 ? undefined : JSON.stringify(found.body));
  };
  return {
    name: "ryadom-fake-desk",
    configureServer: (server) => void server.middlewares.use((request, response, next) => void answer(request, response, next)),
    configurePreviewServer: (server) => void server.middlewares.use((request, response, next) => {
      response.setHeader("content-security-policy", CSP);
      void answer(request, response, next);
    }),
  };
}
