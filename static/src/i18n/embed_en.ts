import type { embedRu } from "./embed_ru.js";

export const embedEn: Readonly<Record<keyof typeof embedRu, string>> = {
  "embed.heading": "Benefits for large families",
  "embed.places": "Places",
  "embed.all": "All places on the Ryadom map",
};
