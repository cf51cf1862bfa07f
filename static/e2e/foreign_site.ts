/** Somebody else's site: pages of another origin, each under the policy that a careful owner would write. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ForeignSite {
  readonly url: string;
  /** What the next visitors get; `policy`: its header, null for none. */
  put(path: string, html: string, policy: string | null): void;
  stop(): Promise<void>;
}

/** Nothing but our host, by name, in the five places the documentation names. */
export function policyFor(host: string): string {
  return `default-src 'none'; ${["script", "style", "connect", "img", "frame"].map((kind) => `${kind}-src ${host}`).join("; ")}`;
}

export async function startForeignSite(): Promise<ForeignSite> {
  const pages = new Map<string, { readonly html: string; readonly policy: string | null }>();
  const server = createServer((request, response) => {
    const page = pages.get(new URL(request.url ?? "/", "http://x").pathname);
    if (page === undefined) return void response.writeHead(request.url === "/favicon.ico" ? 204 : 404).end();
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8", "cache-control": "no-store",
      ...(page.policy === null ? {} : { "content-security-policy": page.policy }),
    }).end(page.html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`, // another site than 127.0.0.1, not only another port
    put: (path, html, policy) => void pages.set(path, { html, policy }),
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
