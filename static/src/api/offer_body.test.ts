import fc from "fast-check";
import { expect, it } from "vitest";
import { offerOf } from "./offer_body.js";

const GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
const whole = {
  credential_issuer: "https://ryadom.test", credential_configuration_ids: ["large_family"],
  grants: { [GRANT]: { "pre-authorized_code": "abc", tx_code: { length: 6, input_mode: "numeric" } } },
};

it("reads an offer as the standard has it", () => {
  expect(offerOf(whole)).toEqual({ credential_issuer: "https://ryadom.test", credential_configuration_ids: ["large_family"], code: "abc", tx_code: { length: 6 } });
  expect(offerOf({ ...whole, grants: { [GRANT]: { "pre-authorized_code": "abc" } } })?.tx_code).toBeNull();
});

it("takes nothing that is none, and never throws", () => {
  for (const body of [null, undefined, 1, "x", [], {}, { ...whole, grants: null }, { ...whole, grants: { [GRANT]: [] } }, { ...whole, credential_issuer: 7 },
    JSON.parse('{"__proto__":{"credential_issuer":"https://evil","grants":{}}}')]) expect(offerOf(body)).toBeNull();
  const holes = fc.record({
    credential_issuer: fc.option(fc.oneof(fc.string(), fc.jsonValue())), credential_configuration_ids: fc.jsonValue(),
    grants: fc.oneof(fc.jsonValue(), fc.record({ [GRANT]: fc.record({ "pre-authorized_code": fc.oneof(fc.string(), fc.jsonValue()), tx_code: fc.jsonValue() }, { requiredKeys: [] }) })),
  }, { requiredKeys: [] });
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), holes), (body) => {
    const offer = offerOf(body);
    if (offer === null) return;
    expect(typeof offer.credential_issuer).toBe("string");
    expect(offer.code).not.toBe("");
    expect(offer.credential_configuration_ids.every((id) => typeof id === "string")).toBe(true);
    if (offer.tx_code !== null) expect(offer.tx_code.length).toBeGreaterThan(0);
  }), { numRuns: 2_000 });
});
