import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keepSession } from "../api/desk_request.js";
import { FakeDesk } from "../testing/fake_desk.js";
import { SAMPLE } from "../testing/fake_desk_seed.js";
import { openDraftKeep } from "./draft_keep.js";
import { LocationDraft } from "./location_draft.js";

let desk: FakeDesk;
let online: boolean;
/** The answer of the next request is lost on its way. */
let losesAnswer: boolean;
/** What a balancer answers to the next requests, in the place of the server that has done what was asked. */
let broken: number[];
/** The idempotency keys that were sent. */
let keys: string[];
const keep = openDraftKeep();

beforeEach(async () => {
  desk = new FakeDesk();
  desk.signIn();
  keepSession(desk.session);
  [online, losesAnswer, broken, keys] = [true, false, [], []];
  await keep.forgetAll();
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (!online) throw new TypeError("Failed to fetch");
    const headers = Object.fromEntries(Object.entries(init.headers as Record<string, string>).map(([name, value]) => [name.toLowerCase(), value]));
    if (headers["idempotency-key"] !== undefined) keys.push(headers["idempotency-key"]);
    const answer = desk.answer({ method: init.method ?? "GET", path, headers, text: (init.body as string | undefined) ?? "" })!;
    if (losesAnswer) {
      losesAnswer = false;
      throw new TypeError("Failed to fetch");
    }
    const status = broken.shift();
    if (status !== undefined) return new Response("<html>", { status });
    return new Response(answer.status === 204 ? null : JSON.stringify(answer.body), { status: answer.status, headers: { "content-type": "application/json", ...answer.headers } });
  });
});

const make = (): LocationDraft => new LocationDraft("a-1", keep, () => {});
const stored = (): unknown => [...desk.shelf.documents.values()].map(({ content }) => content);

describe("a draft", () => {
  it("survives a closed tab before it was ever saved", async () => {
    const first = make();
    await first.open(null);
    first.edit({ name: "Музей" });
    await vi.waitFor(async () => expect(await keep.read("a-1", null)).not.toBeNull());
    const second = make();
    await second.open(null);
    expect(second.content).toEqual({ name: "Музей" });
    expect(second.restored).toBe(true);
  });

  it("is created once although the answer was lost, and has what was typed since", async () => {
    const draft = make();
    await draft.open(null);
    draft.edit({ name: "Музей" });
    losesAnswer = true;
    expect(await draft.save(false)).toBe(false);
    expect(draft.status).toBe("offline");
    draft.edit({ phone: "+78652123456" });
    expect(await draft.save(false)).toBe(true);
    expect(stored()).toEqual([{ name: "Музей", phone: "+78652123456" }]);
    expect(draft.status).toBe("clean");
    expect(await keep.list("a-1")).toEqual([]);
  });

  it("is no clash with itself when the answer to a change was lost", async () => {
    const draft = make();
    draft.edit(SAMPLE);
    await draft.save(false);
    draft.edit({ phone: "+78652111111" });
    losesAnswer = true;
    expect(await draft.save(true)).toBe(false);
    expect(await draft.save(true)).toBe(true);
    expect([draft.status, draft.conflict, draft.document?.revision?.state]).toEqual(["clean", null, "pending"]);
    expect(stored()).toEqual([{ ...SAMPLE, phone: "+78652111111" }]);
  });

  it("saves itself after two seconds of quiet, once it exists", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const draft = make();
    draft.edit({ name: "Музей" });
    await vi.advanceTimersByTimeAsync(5000);
    expect(stored()).toEqual([]);
    vi.useRealTimers();
    await draft.save(false);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    draft.edit({ name: "Музей города" });
    await vi.advanceTimersByTimeAsync(2100);
    vi.useRealTimers();
    await vi.waitFor(() => expect(stored()).toEqual([{ name: "Музей города" }]));
  });

  it("stays on the device without a connection", async () => {
    const draft = make();
    draft.edit(SAMPLE);
    await draft.save(false);
    online = false;
    draft.edit({ name: "Другое имя" });
    expect(await draft.save(false)).toBe(false);
    expect((await keep.read("a-1", draft.id))?.content.name).toBe("Другое имя");
  });
});

describe("without a connection", () => {
  it("what was kept opens, with the location as it was, and goes out later", async () => {
    const first = make();
    first.edit(SAMPLE);
    await first.save(false);
    online = false;
    first.edit({ name: "Другое имя" });
    await first.save(false);
    const second = make();
    await second.open(first.id);
    expect([second.status, second.id, second.content.name, second.restored]).toEqual(["offline", first.id, "Другое имя", true]);
    online = true;
    expect(await second.save(false)).toBe(true);
    expect(stored()).toEqual([{ ...SAMPLE, name: "Другое имя" }]);
  });

  it("what is nowhere on the device does not open", async () => {
    const first = make();
    first.edit(SAMPLE);
    await first.save(false);
    online = false;
    await expect(make().open(first.id)).rejects.toThrow();
  });
});

describe("a location that is gone", () => {
  const half = async (): Promise<string> => {
    const first = make();
    first.edit(SAMPLE);
    await first.save(false);
    online = false;
    first.edit({ name: "Другое имя" });
    await first.save(false);
    online = true;
    desk.shelf.documents.clear();
    return first.id!;
  };

  it("leaves the words as a new one, which is created once and kept no longer", async () => {
    const id = await half();
    const other = make();
    await other.open(null);
    other.edit({ name: "Ещё одно новое место" });
    const draft = make();
    await draft.open(id);
    expect([draft.orphaned, draft.id, draft.status, draft.content.name]).toEqual([true, null, "new", "Другое имя"]);
    draft.edit({ phone: "+78652000000" });
    expect((await keep.list("a-1")).map(({ content }) => content.name).sort(), "beside another new one").toEqual(["Другое имя", "Ещё одно новое место"]);
    const reopened = make();
    await reopened.open(id);
    expect([reopened.orphaned, reopened.content.phone]).toEqual([true, "+78652000000"]);
    expect(await reopened.save(false)).toBe(true);
    expect(reopened.orphaned).toBe(false);
    expect(stored()).toEqual([{ ...SAMPLE, name: "Другое имя", phone: "+78652000000" }]);
    expect((await keep.list("a-1")).map(({ content }) => content.name)).toEqual(["Ещё одно новое место"]);
  });

  it("is found out while saving, too, and nothing is lost", async () => {
    const draft = make();
    draft.edit(SAMPLE);
    await draft.save(false);
    desk.shelf.documents.clear();
    draft.edit({ name: "Другое имя" });
    expect(await draft.save(false)).toBe(false);
    expect([draft.orphaned, draft.status, draft.content]).toEqual([true, "new", { ...SAMPLE, name: "Другое имя" }]);
    expect(await draft.save(false)).toBe(true);
    expect(stored()).toEqual([{ ...SAMPLE, name: "Другое имя" }]);
  });

  it("is forgotten only by a person", async () => {
    const draft = make();
    await draft.open(await half());
    await draft.dropMine();
    expect(await keep.list("a-1")).toEqual([]);
    expect(draft.content).toEqual({});
  });
});

describe("the key of a creation", () => {
  it("stays until the server has said what became of it, and survives a closed tab", async () => {
    const draft = make();
    draft.edit({ name: "Музей" });
    broken = [502, 503];
    expect(await draft.save(false)).toBe(false);
    expect([draft.status, draft.isBeingCreated]).toEqual(["refused", true]);
    draft.edit({ phone: "+78652123456" });
    expect(await draft.save(false)).toBe(false);
    desk.session = null; // signed out meanwhile: not an answer to what was sent
    expect(await draft.save(false)).toBe(false);
    desk.signIn();
    const later = make();
    await later.open(null);
    expect(await later.save(false)).toBe(true);
    expect(keys.length).toBe(4);
    expect(new Set(keys).size).toBe(1);
    expect(stored()).toEqual([{ name: "Музей", phone: "+78652123456" }]);
  });

  it("goes with a refusal: what is corrected is another request", async () => {
    const draft = make();
    draft.edit({ name: "Музей" });
    await draft.save(true);
    expect(draft.isBeingCreated).toBe(false);
    draft.edit(SAMPLE);
    await draft.save(true);
    expect(new Set(keys).size).toBe(2);
  });
});

describe("two people", () => {
  it("both versions are kept, and the choice is saved on theirs", async () => {
    const mine = make();
    mine.edit(SAMPLE);
    await mine.save(false);
    const theirs = make();
    await theirs.open(mine.id);
    theirs.edit({ phone: "+78652000000", address: "Ставрополь, ул. Мира, 1" });
    await theirs.save(false);
    mine.edit({ phone: "+78652111111", name: "Музей города" });
    expect(await mine.save(false)).toBe(false);
    expect(mine.status).toBe("conflict");
    expect(mine.content.phone).toBe("+78652111111");
    expect(mine.conflict?.content.phone).toBe("+78652000000");
    expect(await mine.resolve({ phone: "theirs", address: "theirs", name: "mine" })).toBe(true);
    expect(stored()).toEqual([{ ...SAMPLE, phone: "+78652000000", address: "Ставрополь, ул. Мира, 1", name: "Музей города" }]);
  });
});

it("theirs as a whole leaves nothing to save", async () => {
  const mine = make();
  mine.edit(SAMPLE);
  await mine.save(false);
  const theirs = make();
  await theirs.open(mine.id);
  theirs.edit({ phone: "+78652000000" });
  await theirs.save(false);
  mine.edit({ phone: "+78652111111" });
  await mine.save(false);
  expect(await mine.resolve({ phone: "theirs" })).toBe(true);
  expect(mine.status).toBe("clean");
  expect(mine.content.phone).toBe("+78652000000");
  expect(await keep.list("a-1")).toEqual([]);
});

it("submitting refuses with the faults and loses nothing", async () => {
  const draft = make();
  draft.edit({ name: "Музей" });
  expect(await draft.save(true)).toBe(false);
  expect(draft.status).toBe("refused");
  draft.edit(SAMPLE);
  expect(await draft.save(true)).toBe(true);
  expect(draft.document?.state).toBe("pending");
});
