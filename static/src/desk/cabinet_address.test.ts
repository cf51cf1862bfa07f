import { expect, it } from "vitest";
import { readAddress, writeAddress } from "./cabinet_address.js";

it.each(["/partner", "/partner?view=keys", "/partner?view=locations&id=new", "/partner?view=tills&id=0190-ab"])("%s reads and writes back", (address) => {
  expect(writeAddress(readAddress(address.split("?")[1] ?? ""))).toBe(address);
});
it("strange words lead to the list", () => expect(readAddress("view=x&id=<b>")).toEqual({ view: "locations", id: null }));
