import { expect, it } from "vitest";
import { inFours, sixDigits, svgAddress } from "./totp_text.js";

it("a secret stands in groups of four", () => expect(inFours("JBSWY3DPEH")).toBe("JBSW Y3DP EH"));
it("six digits may have a gap", () => expect([sixDigits("123 456"), sixDigits("12345"), sixDigits("12345a")]).toEqual(["123456", null, null]));
it("markup stays inside the address", () => expect(svgAddress('<svg onload="x">')).not.toMatch(/[<>"]/));
