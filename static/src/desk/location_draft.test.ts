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
const keep = openDraftKeep();

beforeEach(async () => {
  desk = new FakeDesk();
  desk.signIn();
  keepSession(desk.session);
  [online, losesAnswer] = [true, false];
  await keep.forgetAll();
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (!online) throw new TypeError("Failed to fetch");
    const headers = Object.fromEntries(Object.entries(init.headers as Record<string, string>).map(([name, value]) => [name.toLowerCase(), value]));
    const answer = desk.answer({ method: init.method ?? "GET", path, headers, text: (init.body as string | undefined) ?? "" })!;
    if (losesAnswer) {
      losesAnswer = false;
      throw new TypeError("Failed to fetch");
    }
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
