import { expect, it } from "vitest";
import { bulkFault, photoFault } from "./photo_file.js";

it("pictures of three kinds, eight megabytes", () => {
  expect(photoFault({ type: "image/jpeg", size: 8 * 1024 * 1024 })).toBeNull();
  expect(photoFault({ type: "image/heic", size: 1 })).toBe("bad_type");
  expect(photoFault({ type: "image/png", size: 8 * 1024 * 1024 + 1 })).toBe("too_large");
});

it("tables by their names", () => {
  expect(bulkFault({ name: "Места.XLSX", size: 1 })).toBeNull();
  expect(bulkFault({ name: "места.xls", size: 1 })).toBe("bad_type");
  expect(bulkFault({ name: "a.csv", size: 17e6 })).toBe("too_large");
});
