/** OSM opening hours with words in place of codes. What it does not know it leaves: nothing is guessed or dropped. */
import { language } from "./index.js";

type Words = Readonly<Record<string, string>>;

const RU: Words = {
  Mo: "пн", Tu: "вт", We: "ср", Th: "чт", Fr: "пт", Sa: "сб", Su: "вс", PH: "праздники", SH: "школьные каникулы",
  Jan: "янв.", Feb: "февр.", Mar: "марта", Apr: "апр.", May: "мая", Jun: "июня", Jul: "июля", Aug: "авг.", Sep: "сент.", Oct: "окт.", Nov: "нояб.", Dec: "дек.",
  off: "выходной", closed: "закрыто", open: "открыто", unknown: "неизвестно", week: "неделя", sunrise: "рассвет", sunset: "закат",
};
const EN: Words = {
  Mo: "Mon", Tu: "Tue", We: "Wed", Th: "Thu", Fr: "Fri", Sa: "Sat", Su: "Sun", PH: "public holidays", SH: "school holidays", off: "closed",
};

export function hoursWords(osm: string): string {
  const [words, always] = language() === "ru" ? [RU, "круглосуточно"] : [EN, "around the clock"];
  return osm.split(/("[^"]*")/).map((piece, index) => index % 2 === 1
    ? `«${piece.slice(1, -1)}»`
    : piece.replace(/\b24\/7\b/g, always)
      .replace(/\b[A-Za-z]{2,7}\b/g, (code) => words[code] ?? code)
      .replace(/(?<!\d{4})-(?!\d{2}-\d{2})(?!\d{2}\b(?!:))/g, "–")
      .replace(/,(?=\S)/g, ", ")).join("");
}
