import { describe, expect, it } from "vitest";
import { allPages, eachPage, filledPage, type Paged } from "./pages.js";

/** A list cut at these sizes, whose cursors are the positions. */
function cut(...sizes: readonly number[]): (cursor: string | null) => Promise<Paged<number>> {
  const ends = sizes.map((_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0));
  return async (cursor) => {
    const at = Number(cursor ?? 0);
    const from = at === 0 ? 0 : ends[at - 1]!;
    return { rows: Array.from({ length: sizes[at]! }, (_, index) => from + index), next: at + 1 < sizes.length ? String(at + 1) : null };
  };
}

describe("a list that comes by pages", () => {
  it("is read to its end", async () => {
    expect(await allPages(cut(50, 50, 7))).toEqual(Array.from({ length: 107 }, (_, index) => index));
    expect(await allPages(cut(0))).toEqual([]);
  });

  it("goes on past a page that a filter has left empty", async () => {
    expect(await allPages(cut(0, 2, 0, 1))).toEqual([0, 1, 2]);
  });

  it("asks for no page that nobody reads", async () => {
    const asked: (string | null)[] = [];
    for await (const rows of eachPage((cursor) => (asked.push(cursor), cut(2, 2, 2)(cursor)))) if (rows.includes(2)) break;
    expect(asked).toEqual([null, "1"]);
  });

  it("is found empty only at its end", async () => {
    const rows = <T>(page: Paged<T>): readonly T[] => page.rows;
    expect(await filledPage(cut(0, 0, 2, 1), null, rows)).toEqual({ rows: [0, 1], next: "3" });
    expect(await filledPage(cut(0, 0, 2, 1), "3", rows)).toEqual({ rows: [2], next: null });
    expect(await filledPage(cut(0, 0), null, rows)).toEqual({ rows: [], next: null });
    expect(await filledPage(async () => ({ rows: [], next: "a" }), null, rows)).toEqual({ rows: [], next: "a" });
  });

  it("ends when the server says the same cursor twice", async () => {
    expect(await allPages(async () => ({ rows: [1], next: "a" }))).toEqual([1, 1]);
  });
});
