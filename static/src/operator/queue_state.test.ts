import { describe, expect, it } from "vitest";
import type { QueueItem } from "../api/operator_types.js";
import { readAddress, writeAddress } from "./address_state.js";
import { keyAct } from "./keys.js";
import { keptMarks, standingOf, step } from "./queue_state.js";

const item = (id: string, version = 1): QueueItem => ({
  id, version, location_id: id, name: id, partner: { id: "p", name: "p" }, kind: "new", submitted_at: "", age_s: 0, warnings: 0, duplicates: 0, answered: false,
});
const [A, B, C] = [item("a"), item("b"), item("c")];

describe("the queue", () => {
  it("steps and stops at its ends", () => {
    expect(step([A, B, C], "a", 1)).toBe("b");
    expect(step([A, B, C], "c", 1)).toBe("c");
    expect(step([A, B, C], "a", -1)).toBe("a");
    expect(step([A, B, C], "gone", 1)).toBe("a");
    expect(step([], null, 1)).toBeNull();
  });

  it("keeps the marks of what is still there", () => {
    expect([...keptMarks(new Set(["a", "x"]), [A, B])]).toEqual(["a"]);
  });

  it("knows when what is open was decided or edited elsewhere", () => {
    expect(standingOf([A, B], true, A)).toBe("here");
    expect(standingOf([B], true, A)).toBe("gone");
    expect(standingOf([B], false, A)).toBe("here"); // it may stand further down
    expect(standingOf([item("a", 2)], true, A)).toBe("changed");
  });
});

describe("keyAct", () => {
  const body = [{ localName: "body" }];
  it.each([["j", "KeyJ", "next"], ["о", "KeyJ", "next"], ["л", "KeyK", "previous"], ["ф", "KeyA", "approve"], ["к", "KeyR", "reject"], ["?", "Digit7", "help"], ["ArrowDown", "ArrowDown", "next"], ["q", "KeyQ", null]])(
    "%s (%s): %s, in any keyboard layout", (key, code, act) => {
      expect(keyAct({ key, code }, body)).toBe(act);
    });

  it("leaves fields, dialogs and shortcuts of the browser alone", () => {
    expect(keyAct({ key: "a", code: "KeyA" }, [{ localName: "textarea" }])).toBeNull();
    expect(keyAct({ key: "a", code: "KeyA" }, [{ localName: "button" }, { localName: "dialog" }])).toBeNull();
    expect(keyAct({ key: "r", code: "KeyR", ctrlKey: true }, body)).toBeNull();
    expect(keyAct({ key: "ArrowDown", code: "ArrowDown" }, [{ localName: "canvas" }])).toBeNull();
    expect(keyAct({ key: "a", code: "KeyA" }, [{ localName: "input", type: "checkbox" }])).toBe("approve");
  });

  it("decides once, however long a key is held", () => {
    expect(keyAct({ key: "a", code: "KeyA", repeat: true }, body)).toBeNull();
    expect(keyAct({ key: "j", code: "KeyJ", repeat: true }, body)).toBe("next");
  });
});

describe("the address", () => {
  it("reads what it writes", () => {
    const address = { view: "places", id: "a b&c" } as const;
    expect(readAddress(new URL(writeAddress(address), "http://x").search)).toEqual(address);
  });

  it("falls back to the first section that is allowed", () => {
    expect(readAddress("?view=nonsense&id=1")).toEqual({ view: "queue", id: null });
    expect(readAddress("?view=queue&id=1", ["audit"])).toEqual({ view: "audit", id: null });
  });
});
