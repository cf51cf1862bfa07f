/** Lists that come by pages: a filter may leave one empty, and only a missing `next` says that it was the last. */
export interface Paged<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

/** The rows of each page as it comes, from the beginning to the end. */
export async function* eachPage<T>(read: (cursor: string | null) => Promise<Paged<T>>): AsyncGenerator<readonly T[]> {
  let cursor: string | null = null;
  for (;;) {
    const page: Paged<T> = await read(cursor);
    yield page.rows;
    if (page.next === null || page.next === cursor) return; // the same cursor again would go round for ever
    cursor = page.next;
  }
}

/** The page at `cursor`, or the first one after it that has rows: what a filter leaves empty is not the end. */
export async function filledPage<P extends { readonly next: string | null }>(read: (cursor: string | null) => Promise<P>, cursor: string | null, rowsOf: (page: P) => readonly unknown[]): Promise<P> {
  let page = await read(cursor);
  for (let before = cursor; rowsOf(page).length === 0 && page.next !== null && page.next !== before; page = await read(before)) before = page.next;
  return page;
}

export async function allPages<T>(read: (cursor: string | null) => Promise<Paged<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const rows of eachPage(read)) all.push(...rows);
  return all;
}
