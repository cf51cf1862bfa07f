/** Categories in seven families, because nobody tells seventeen colours apart. Their colours are in tokens.css. */
export const GROUPS = ["culture", "sport", "study", "shop", "health", "food", "other"] as const;
export type Group = (typeof GROUPS)[number];

const GROUP_OF: Readonly<Record<string, Group>> = {
  museum: "culture", theatre: "culture", cinema: "culture", library: "culture",
  sport: "sport", leisure: "sport", hotel: "sport",
  education: "study",
  kids_shop: "shop", shop: "shop",
  pharmacy: "health", health: "health",
  cafe: "food", grocery: "food",
};

export function groupOf(category: string): Group {
  return GROUP_OF[category] ?? "other";
}
