import { describe, expect, it } from "vitest";
import { ServerClock, type Watches } from "./server_clock.js";

const SERVER = 1_795_687_205_123;

/** A phone: its clock may be set at will, and its steady watch may stand still in sleep. */
function phone(wall = 0): Watches & { pass(ms: number): void; sleep(ms: number): void; set(ms: number): void } {
  let [steady, clock] = [1234, wall];
  return {
    steady: () => steady, wall: () => clock,
    pass: (ms) => { steady += ms; clock += ms; },
    sleep: (ms) => { clock += ms; },
    set: (ms) => { clock = ms; },
  };
}

describe("the server's clock", () => {
  it("is unknown at first, and then goes by the steady watch alone", () => {
    const watches = phone(7);
    const clock = new ServerClock(watches);
    expect(clock.now_ms()).toBeNull();
    clock.take(SERVER);
    watches.pass(30_000);
    watches.set(99);
    expect(clock.now_ms()).toBe(SERVER + 30_000);
  });

  it("adds what the phone slept through", () => {
    const watches = phone(SERVER - 3_600_000); // an hour slow
    const clock = new ServerClock(watches);
    clock.take(SERVER);
    watches.pass(1000);
    watches.sleep(600_000);
    clock.wake();
    expect(clock.now_ms()).toBe(SERVER + 601_000);
    clock.wake();
    expect(clock.now_ms(), "once").toBe(SERVER + 601_000);
  });

  it("does not go back when the phone's clock is set back", () => {
    const watches = phone(SERVER);
    const clock = new ServerClock(watches);
    clock.take(SERVER);
    watches.set(5);
    clock.wake();
    expect(clock.now_ms()).toBe(SERVER);
  });

  it("goes on in the next page from what was kept, until the server speaks", () => {
    const watches = phone(SERVER - 3_600_000);
    const before = new ServerClock(watches);
    before.take(SERVER);
    watches.pass(20_000);
    const kept = before.kept();
    expect(kept).toEqual({ ahead_ms: 3_600_000 });
    watches.pass(10_000);
    const next = new ServerClock(watches);
    next.resume(kept!);
    expect(next.now_ms()).toBe(SERVER + 30_000);
    next.take(SERVER + 31_000);
    next.resume(kept!);
    expect(next.now_ms(), "an answer is worth more than what was kept").toBe(SERVER + 31_000);
  });

  it("lends proofs the phone's clock when there is no better", () => {
    expect(new ServerClock(phone(42)).best_ms()).toBe(42);
  });
});
