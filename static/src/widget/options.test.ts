import { describe, expect, it } from "vitest";
import { embedPath, filterTexts, readOptions, startOf, textsOf, type Name } from "./options.js";
import { frameLine, policyLine, scriptLine } from "./snippet.js";

const read = (texts: Partial<Record<Name, string>>, lang: string | null = null) => readOptions((name) => texts[name] ?? null, lang);
const FULL = {
  center: "41.9642,45.0344", zoom: "12.5", bbox: "41.8,44.9,42.1,45.2", category: "museum,library", open: "now", benefit: "free",
  lang: "en", theme: "dark", accent: "#0d6e5f", list: "off", filters: "off", place: "demo-001",
};

describe("the options", () => {
  it("are written as they were read", () => {
    expect(Object.fromEntries(textsOf(read(FULL)))).toEqual(FULL);
  });

  it("say nothing that is so anyway but the language", () => {
    expect(textsOf(read({}))).toEqual([["lang", "ru"]]);
  });

  it("take the page's language where none is said, and Russian where that is another", () => {
    expect([read({}, "en-GB").lang, read({}, "de").lang, read({ lang: "ru" }, "en").lang]).toEqual(["en", "ru", "ru"]);
  });

  it("are as if not said where they make no sense", () => {
    const nonsense = read({ center: "45", zoom: "99", bbox: "1,5,2,3", category: "a-b,<i>", theme: "red", accent: "red", list: "maybe", filters: "no", open: "later" });
    expect(nonsense).toEqual(read({}));
    expect(read({ center: "181,45" }).center).toBeNull();
    expect(read({ center: "1e1,45" }).center).toBeNull();
  });

  it("go into the frame's address and out of it again", () => {
    const path = embedPath(read(FULL));
    expect(path).toContain("center=41.9642,45.0344&zoom=12.5&");
    expect(path).toContain("accent=0d6e5f");
    const query = new URL(path, "https://map.example").searchParams;
    expect(readOptions((name) => query.get(name))).toEqual(read(FULL));
  });

  it("have the filters alone as texts that are read again, empty where nothing is asked for", () => {
    expect(filterTexts(read(FULL))).toEqual({ category: "museum,library", open: "now", benefit: "free" });
    expect(filterTexts(read({}))).toEqual({ category: "", open: "", benefit: "" });
    expect(read(filterTexts(read(FULL)))).toMatchObject({ categories: ["museum", "library"], openNow: true, free: true });
  });

  it("start at the centre, or in the middle of the area, across the antimeridian too", () => {
    expect(startOf(read({ center: "41,45", bbox: "0,0,2,2" }))).toEqual({ lon: 41, lat: 45 });
    expect(startOf(read({ bbox: "170,-10,-170,10" }))).toEqual({ lon: 180, lat: 0 });
    expect(startOf(read({}))).toBeNull();
  });
});

describe("the lines to copy", () => {
  it("hold what was chosen and nothing that could end an attribute", () => {
    expect(scriptLine("https://map.example", { categories: ["museum"], list: false }))
      .toBe('<script async src="https://map.example/w.js" data-category="museum" data-list="off"></script>');
    expect(frameLine("https://map.example", { place: 'a"&b', lang: "ru" }, '"<'))
      .toContain('src="https://map.example/embed?lang=ru&amp;place=a%22%26b" title="&quot;&lt;"');
  });

  it("name our host alone in a policy", () => {
    expect(policyLine("https://h")).toBe("script-src https://h; style-src https://h; connect-src https://h; img-src https://h; frame-src https://h");
  });
});
