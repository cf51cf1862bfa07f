/**
 * IndexedDB as a drawer of named values: the one store that can hold key objects. Everything a `put` is given is
 * written together or not at all.
 */
const NAME = "ryadom-wallet";
const STORE = "kept";

/** The browser has no such store, or refuses it (a private window of some browsers). */
export class NoStoreError extends Error {
  override readonly name = "NoStoreError";
}

export class Database {
  #open: Promise<IDBDatabase> | null = null;

  async get(names: readonly string[]): Promise<Record<string, unknown>> {
    const store = await this.#store("readonly");
    const found = await Promise.all(names.map((name) => done(store.get(name))));
    return Object.fromEntries(names.map((name, index) => [name, found[index]]));
  }

  async put(values: Readonly<Record<string, unknown>>): Promise<void> {
    const store = await this.#store("readwrite");
    try {
      for (const [name, value] of Object.entries(values)) store.put(value, name);
    } catch (cause) {
      throw new NoStoreError("the browser stores no keys", { cause }); // DataCloneError
    }
    await ended(store.transaction);
  }

  async clear(): Promise<void> {
    const store = await this.#store("readwrite");
    store.clear();
    await ended(store.transaction);
  }

  async #store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.#open ??= open();
    try {
      return (await this.#open).transaction(STORE, mode).objectStore(STORE);
    } catch (cause) {
      this.#open = null; // a phone short of space closes databases: the next call opens it again
      throw cause instanceof NoStoreError ? cause : new NoStoreError("the store was closed", { cause });
    }
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: unknown): void => reject(new NoStoreError("no IndexedDB", { cause }));
    try {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => refuse(request.error);
      request.onblocked = () => refuse("blocked");
    } catch (cause) {
      refuse(cause);
    }
  });
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(new NoStoreError("not written", { cause: transaction.error }));
  });
}
