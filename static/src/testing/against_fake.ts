/** For tests in Node: the client's relative addresses go to the fake server, and IndexedDB is there. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import { start } from "./fake_server.mjs";

export interface Fake {
  readonly url: string;
  /** Every request that was sent: method, path, status. */
  readonly sent: string[];
  /** Stands between the client and the server; returns an answer of its own, or lets the request through. */
  between: ((path: string, init: RequestInit) => Response | Promise<Response> | null) | null;
  post<T>(path: string, body?: unknown): Promise<T>;
  close(): void;
}

export async function againstFake(): Promise<Fake> {
  const { url, close } = await start();
  const really = globalThis.fetch;
  const fake: Fake = {
    url, sent: [], between: null, close: () => { close(); vi.unstubAllGlobals(); },
    post: async <T>(path: string, body: unknown = {}) => (await really(url + path, { method: "POST", body: JSON.stringify(body) })).json() as Promise<T>,
  };
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const response = (await fake.between?.(path, init)) ?? (await really(url + path, init));
    fake.sent.push(`${init.method ?? "GET"} ${path.replace(/\/offers\/.*/, "/offers/…")} ${response.status}`);
    return response;
  });
  return fake;
}
