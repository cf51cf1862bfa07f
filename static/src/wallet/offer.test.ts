import { describe, expect, it } from "vitest";
import { readOfferLink } from "./offer.js";

const OWN = "https://ryadom.example";
const OFFER = `${OWN}/credentials/offers/8yQ_x-1`;
const NAMED = `credential_offer_uri=${encodeURIComponent(OFFER)}`;
const found = { kind: "offer", path: "/credentials/offers/8yQ_x-1" };

describe("an invitation is read", () => {
  it.each([
    ["our link", `${OWN}/wallet#${NAMED}`],
    ["our link with a language", `${OWN}/wallet?lang=en#${NAMED}`],
    ["its fragment alone", `#${NAMED}`],
    ["the standard's scheme", `openid-credential-offer://?${NAMED}`],
    ["the scheme in capitals, with an empty path", `OPENID-CREDENTIAL-OFFER:///?${NAMED}`],
    ["the bare address", OFFER],
    ["a message around a link", `Ваше приглашение: ${OWN}/wallet#${NAMED}. Код 123456`],
    ["spaces and a line break", `  \n${OFFER}\n `],
    ["quotation marks", `«${OFFER}»`],
  ])("from %s", (_name, text) => expect(readOfferLink(text, OWN)).toEqual(found));
});

describe("a foreign address is refused", () => {
  it.each([
    ["a link to another site", "https://evil.example/credentials/offers/1", "evil.example"],
    ["another site inside our link", `${OWN}/wallet#credential_offer_uri=${encodeURIComponent("https://evil.example/o")}`, "evil.example"],
    ["another site inside the scheme", `openid-credential-offer://?credential_offer_uri=${encodeURIComponent("https://evil.example:8443/o")}`, "evil.example:8443"],
    ["our name as a user of another site", `https://ryadom.example@evil.example/o`, "evil.example"],
    ["our name as a beginning", "https://ryadom.example.evil.example/o", "ryadom.example.evil.example"],
    ["our site without TLS", "http://ryadom.example/o", "ryadom.example"],
    ["a blob that a page of ours has made", `#credential_offer_uri=${encodeURIComponent(`blob:${OWN}/1`)}`, "blob:"],
    ["no site at all", `#credential_offer_uri=${encodeURIComponent("javascript:alert(1)")}`, "javascript:"],
  ])("%s", (_name, text, host) => expect(readOfferLink(text, OWN)).toEqual({ kind: "foreign", host }));
});

it.each(["//evil.example/o", "/\\evil.example/o", "/.//evil.example/o"])("a path that fetch would take for another site is no invitation: %s", (path) => {
  expect(readOfferLink(OWN + path, OWN)).toEqual({ kind: "none" });
  expect(readOfferLink(`#credential_offer_uri=${encodeURIComponent(OWN + path)}`, OWN)).toEqual({ kind: "none" });
});

it("a long text is read in good time", () => {
  const began_ms = performance.now();
  expect(readOfferLink(`${OWN}/${".".repeat(100_000)}x`, OWN).kind).toBe("offer");
  expect(performance.now() - began_ms).toBeLessThan(1000); // it took twenty seconds
});

it.each(["", "здравствуйте", "123456", "openid-credential-offer://?", `openid-credential-offer://?credential_offer=%7B%7D`, `${OWN}/wallet`, `${OWN}/`, `${OWN}/place/1`, "#credential_offer_uri=x", `#credential_offer_uri=${encodeURIComponent(`${OWN}/wallet`)}`])(
  "%j is no invitation", (text) => expect(readOfferLink(text, OWN)).toEqual({ kind: "none" }));
