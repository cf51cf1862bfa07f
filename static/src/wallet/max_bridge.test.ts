import { describe, expect, it } from "vitest";
import { fakeWebApp } from "../testing/fake_shell.js";
import { plainShell, shellOf } from "./max_bridge.js";

describe("inside MAX", () => {
  it("the screen and its capture are asked for", () => {
    const app = fakeWebApp();
    const shell = shellOf(app);
    shell.brightest();
    shell.blockCapture();
    shell.allowCapture();
    shell.usualBrightness();
    expect(app.calls).toEqual(["ready", "brightest", "block", "allow", "usual"]);
  });

  it.each([["a string", "text", "text"], ["an object", { value: "text" }, "text"], ["nothing", undefined, null], ["an empty object", {}, null],
    ["a refusal", new Error("closed"), null]])("the scanner may give %s", async (_name, given, expected) => {
    expect(await shellOf(fakeWebApp(given)).readCode?.()).toBe(expected);
  });

  it("an old bridge that lacks everything, or throws, breaks nothing", () => {
    const shell = shellOf({ requestScreenMaxBrightness: () => { throw new Error("unsupported"); }, restoreScreenBrightness: () => Promise.reject(new Error("no")) });
    shell.brightest();
    shell.usualBrightness();
    shell.blockCapture();
    expect(shell.readCode).toBeNull();
  });
});

it("outside there is no scanner, and the rest does nothing", () => {
  plainShell.brightest();
  plainShell.blockCapture();
  expect(plainShell.readCode).toBeNull();
});
