/**
 * What was typed and not yet saved, kept in IndexedDB: a closed tab loses nothing. Each is an account's own; signing out
 * forgets all of them. A browser without the store keeps nothing, and nothing breaks.
 */
import type { Content, LocationDocument } from "../api/desk_types.js";

/** A creation that was sent and may have arrived: the next try is the same request, to the letter. */
export interface Creation {
  readonly key: string;
  readonly content: Content;
  readonly submit: boolean;
}

export interface KeptDraft {
  readonly account: string;
  /** The location it began with, or null: a new one. */
  readonly id: string | null;
  /** That location as the server had it, so that it opens without a connection. null: there is none, or none any more. */
  readonly document: LocationDocument | null;
  readonly etag: string | null;
  /** What the work began with. */
  readonly base: Content;
  readonly content: Content;
  readonly creation: Creation | null;
  readonly at: string;
}

export interface DraftKeep {
  read(account: string, id: string | null): Promise<KeptDraft | null>;
  write(draft: KeptDraft): Promise<void>;
  forget(account: string, id: string | null): Promise<void>;
  forgetAll(): Promise<void>;
  list(account: string): Promise<KeptDraft[]>;
}

const NAME = "ryadom-desk";
const STORE = "drafts";
const keyOf = (account: string, id: string | null): string => `${account}/${id ?? "new"}`;

export function openDraftKeep(): DraftKeep {
  let opened: Promise<IDBDatabase> | null = null;
  const run = async <T>(mode: IDBTransactionMode, otherwise: T, work: (store: IDBObjectStore) => IDBRequest): Promise<T> => {
    try {
      opened ??= open();
      const store = (await opened).transaction(STORE, mode).objectStore(STORE);
      return await done<T>(work(store) as IDBRequest<T>);
    } catch {
      opened = null; // closed by a browser short of space, or forbidden
      return otherwise;
    }
  };
  return {
    read: async (account, id) => (await run<KeptDraft | undefined>("readonly", undefined, (store) => store.get(keyOf(account, id)))) ?? null,
    write: async (draft) => void (await run<unknown>("readwrite", null, (store) => store.put(draft, keyOf(draft.account, draft.id)))),
    forget: async (account, id) => void (await run<unknown>("readwrite", null, (store) => store.delete(keyOf(account, id)))),
    forgetAll: async () => void (await run<unknown>("readwrite", null, (store) => store.clear())),
    list: async (account) => (await run<KeptDraft[]>("readonly", [], (store) => store.getAll())).filter((draft) => draft.account === account),
  };
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error ?? new Error("blocked"));
  });
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
