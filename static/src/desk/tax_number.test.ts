import { describe, expect, it } from "vitest";
import { innFault, kppFault, ogrnFault, taxFaults } from "./tax_number.js";

describe("INN", () => {
  it.each(["7707083893", "7736207543", "7736050003", "7719402047", "5612042824", "5405276278", "500100732259", "263400000195", "2634000090"])(
    "%s is valid", (inn) => expect(innFault(inn)).toBeNull());
  it("knows a wrong last digit, zeros, letters and lengths", () => {
    expect(innFault("7707083894")).toBe("check_digit");
    expect(innFault("500100732258")).toBe("check_digit");
    expect(innFault("0000000000")).toBe("zeros");
    expect(innFault("000000000000")).toBe("zeros");
    expect(innFault("77070838")).toBe("length");
    expect(innFault("7,7E+09")).toBe("digits");
  });
  it("takes spaces as they are written on paper", () => expect(innFault("7707 083 893")).toBeNull());
});

describe("OGRN and OGRNIP", () => {
  it.each(["1027700132195", "1027700229193", "1037739010891", "1055612021981", "1022600000060", "326265100000030", "326265100000041", "326265100000052"])(
    "%s is valid", (ogrn) => expect(ogrnFault(ogrn)).toBeNull());
  it("knows a wrong last digit", () => expect(ogrnFault("1027700132196")).toBe("check_digit"));
});

describe("KPP", () => {
  it("may hold letters in the middle", () => {
    expect(kppFault("773601001")).toBeNull();
    expect(kppFault("7736AB001")).toBeNull();
    expect(kppFault("77360100")).toBe("length");
    expect(kppFault("77A601001")).toBe("digits");
  });
});

describe("together", () => {
  it("an organisation's INN goes with an OGRN of 13, a person's with 15 and without KPP", () => {
    expect(taxFaults({ inn: "7707083893", ogrn: "1027700132195", kpp: "773601001" })).toEqual({});
    expect(taxFaults({ inn: "500100732259", ogrn: "1027700132195" })).toEqual({ ogrn: "kind" });
    expect(taxFaults({ inn: "500100732259", kpp: "773601001" })).toEqual({ kpp: "kpp_needless" });
    expect(taxFaults({ inn: "", ogrn: "" })).toEqual({});
  });
});
