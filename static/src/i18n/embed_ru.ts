/** The words of the widget and of its frame. */
export const embedRu = {
  "embed.heading": "Льготы для многодетных семей",
  "embed.places": "Места",
  "embed.all": "Все места на карте «Рядом»",
} as const;
