import { afterEach, describe, expect, it } from "vitest";
import type { Category, ClusterProperties } from "../api/types.js";
import { setLanguage } from "../i18n/index.js";
import type { PlaceEntry } from "./entries.js";
import { clusterText, pinText, shortCount } from "./pin_text.js";

const KNOWN: readonly Category[] = [["museum", "Музеи", "Museums"], ["cafe", "Кафе", "Food"], ["sport", "Спорт", "Sport"], ["shop", "Магазины", "Shops"], ["cinema", "Кино", "Cinema"]]
  .map(([code, ru, en]) => ({ code: code!, ru: ru!, en: en!, aliases: [], count: 1 }));
const cluster = (categories: Record<string, number>, expansion_zoom: number | null = 14): ClusterProperties => ({
  cluster: true, point_count: Object.values(categories).reduce((sum, count) => sum + count, 0), expansion_zoom, categories, bbox: [0, 0, 1, 1],
});

afterEach(() => setLanguage("ru"));

describe("what a cluster is called", () => {
  it("tells how many, of what, and what opening does", () => {
    const mixed = cluster({ cafe: 2, museum: 9, sport: 1, shop: 4, cinema: 1, unheard_of: 4 });
    expect(clusterText(mixed, KNOWN)).toBe("21 место: Музеи 9, Магазины 4, unheard_of 4, Кафе 2, прочее 2. Приблизить");
    expect(clusterText(cluster({ museum: 3 }, null), KNOWN)).toBe("3 места: Музеи 3. Показать списком");
    setLanguage("en");
    expect(clusterText(mixed, KNOWN)).toBe("21 places: Museums 9, Shops 4, unheard_of 4, Food 2, other 2. Zoom in");
    expect(clusterText(cluster({ museum: 3 }, null), KNOWN)).toBe("3 places: Museums 3. Show as a list");
  });

  it("fits large counts into the ring", () => {
    expect([7, 999, 1234, 56_789].map(shortCount)).toEqual(["7", "999", "1,2\u00a0тыс.", "57\u00a0тыс."]);
    setLanguage("en");
    expect(shortCount(1234)).toMatch(/^1\.2k$/i);
  });
});

describe("what a pin is called", () => {
  const entry = (number: number): PlaceEntry => ({
    kind: "place", id: "a", number, position: { lon: 0, lat: 0 }, distance_m: 1,
    location: { id: "a", name: "Музей № 1", category: "museum", benefit: "Скидка 50 %", benefit_kind: "percent", benefit_value: 50, address: null, open: null },
  });

  it("begins with its number, the same as its row's", () => {
    expect(pinText(entry(3), KNOWN)).toBe("3. Музей № 1, Музеи, Скидка 50 %");
    setLanguage("en");
    expect(pinText(entry(3), KNOWN)).toBe("3. Музей № 1, Museums, 50\u00a0% off");
  });

  it("has no number outside the list", () => {
    expect(pinText(entry(0), KNOWN)).toBe("Музей № 1, Музеи, Скидка 50 %");
  });
});
