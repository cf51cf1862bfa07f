/**
 * Whatever text comes, `readOfferLink` answers in good time, and what it answers leads nowhere but to this site.
 *
 * A quick look with a fixed seed by default. `RYADOM_TEST_FUZZ_SECONDS` is how long all of it shall take, with a seed of
 * its own (a minute in `make test-full`, ten by hand); `RYADOM_TEST_FUZZ_SEED` repeats one. What fails once is shrunk by
 * hand or by fast-check and goes into offer_corpus.json, which is read each time and feeds the damage below.
 */
import { randomInt } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { damaged, foreignInvitations, invitations, long, noise, OWN, STRANGER, twice, unreadable } from "../testing/offer_texts.js";
import { readOfferLink, type OfferLink } from "./offer.js";
import corpus from "./offer_corpus.json";

const SECONDS = Number(process.env["RYADOM_TEST_FUZZ_SECONDS"] ?? 0);
const SEED = Number(process.env["RYADOM_TEST_FUZZ_SEED"] ?? (SECONDS > 0 ? randomInt(2 ** 31) : 20_261_201));
/** How many share the time. */
const PROPERTIES = 8;
const RUNS = 100;
const NONE = { kind: "none" } as const;

let inputs = 0;
let began_ms = 0;
beforeAll(() => { began_ms = Date.now(); });
afterAll(() => console.log(`seed ${SEED}: ${inputs} inputs in ${((Date.now() - began_ms) / 1000).toFixed(1)} s`));

function read(text: string, origin: string): OfferLink {
  inputs += 1;
  return readOfferLink(text, origin);
}

/** Rounds of a property until its share of the time is over. */
async function holds<T>(property: fc.IProperty<T>, parameters: fc.Parameters<T> = {}): Promise<void> {
  const until_ms = Date.now() + (SECONDS * 1000) / PROPERTIES;
  for (let seed = SEED; ; seed += 1) {
    fc.assert(property, { seed, numRuns: RUNS, ...parameters });
    if (Date.now() >= until_ms) return;
    await new Promise(setImmediate); // vitest gives a worker up that does not answer for a minute
  }
}

/** What must be true of every answer. */
function expectSound(text: string, origin: string): void {
  const found = read(text, origin);
  const elsewhere = read(text, STRANGER);
  expect(elsewhere.kind, "an offer of a site that the text does not name").not.toBe("offer");
  switch (found.kind) {
    case "none":
      expect(found).toEqual(NONE);
      return;
    case "foreign":
      expect(Object.keys(found)).toEqual(["kind", "host"]);
      expect(found.host, "a name to show").toMatch(/^[!-~]+$/);
      expect(found.host).not.toMatch(/[/\\?#@<>]/);
      expect(elsewhere.kind).toBe("foreign");
      return;
    case "offer": {
      expect(Object.keys(found)).toEqual(["kind", "path"]);
      const fetched = new URL(found.path, `${origin}/wallet`);
      expect(fetched.href, "where fetch goes").toBe(origin + found.path);
      expect(fetched.origin).toBe(origin);
      expect(fetched.hash).toBe("");
      expect(found.path, "a page is no offer").not.toMatch(/^\/(wallet|scan|q|docs)?(\?|$)/);
      expect(read(`#credential_offer_uri=${encodeURIComponent(fetched.href)}&lang=ru`, origin), "the same when named again").toEqual(found);
      expect(elsewhere, "there it is refused by this site's name").toEqual({ kind: "foreign", host: new URL(origin).host });
    }
  }
}

/** A text of the corpus: as it stands, or pieces and how often each comes. */
const spelled = (text: string | (string | number)[][]): string =>
  typeof text === "string" ? text : text.map(([piece = "", times]) => String(piece).repeat(Number(times))).join("");
const seeds = corpus.map(({ text }) => spelled(text)).filter(({ length }) => length < 1000);

describe("of the corpus", () => {
  it.each(corpus)("$why", ({ text, found }) => {
    const from_ms = performance.now();
    expect(read(spelled(text), OWN)).toEqual(found);
    expect(performance.now() - from_ms).toBeLessThan(1000);
    expectSound(spelled(text), OWN);
  });
});

describe("a well-formed invitation", { timeout: SECONDS * 1000 + 60_000 }, () => {
  it("gives back its very path, in every form and message", () => holds(
    fc.property(invitations, ({ text, origin, path }) => {
      expect(read(text, origin)).toEqual({ kind: "offer", path });
      expectSound(text, origin);
    })));

  it("to another site is refused by that site's name", () => holds(
    fc.property(foreignInvitations, ({ text, origin, host }) => {
      expect(read(text, origin)).toEqual({ kind: "foreign", host });
      expectSound(text, origin);
    })));

  it("cut short is a shorter one at most", () => holds(
    fc.property(invitations, fc.nat({ max: 999 }), ({ link, origin, path }, at_permille) => {
      const found = read(link.slice(0, (link.length * at_permille) / 1000), origin);
      if (found.kind !== "offer") return;
      const whole = found.path.replace(/%[0-9a-f]?$/i, ""); // an escape may be cut, too
      expect(path.startsWith(whole) || "/wallet?lang=en".startsWith(whole), found.path).toBe(true); // and the page's own address
    })));

  it("that names two offers is the first", () => holds(
    fc.property(twice, ([path, link]) => {
      expect(read(link, OWN)).toEqual({ kind: "offer", path });
    })));

  it("encoded once too often, of another scheme or by value is none", () => holds(
    fc.property(unreadable, (text) => {
      expect(read(text, OWN)).toEqual(NONE);
      expect(Object.keys(Object.prototype)).toEqual([]);
    })));
});

describe("any text", { timeout: SECONDS * 1000 + 60_000 }, () => {
  it("damaged is read soundly", () => holds(
    fc.property(damaged(fc.oneof(fc.constantFrom(...seeds), invitations.map(({ text }) => text))), (text) => {
      expectSound(text, OWN);
    })));

  it("without sense is read soundly", () => holds(
    fc.property(noise, (text) => {
      expectSound(text, OWN);
    })));

  it("however long is read in good time", () => holds(
    fc.property(long, (text) => {
      const from_ms = performance.now();
      expectSound(text, OWN);
      expect(performance.now() - from_ms).toBeLessThan(1000); // a few ms; a reader in quadratic time takes ten seconds
    }), { numRuns: 25, endOnFailure: true })); // without shrinking, which would take as long again and again
});
