/** What a pin and a cluster are called: all that a person who does not see the map has of them. */
import type { Category, ClusterProperties } from "../api/types.js";
import { benefitText } from "../i18n/benefit_text.js";
import { formatNumber, language, t } from "../i18n/index.js";
import type { PlaceEntry } from "./entries.js";

/** Categories that are named; the rest is "more". */
const NAMED = 4;

/** «12 мест: Музеи и выставки 3, Кафе и еда 2, прочее 7». */
export function clusterWords(cluster: ClusterProperties, known: readonly Category[]): string {
  const counts = Object.entries(cluster.categories).sort(([, a], [, b]) => b - a);
  const named = counts.slice(0, NAMED).map(([code, count]) => `${categoryName(code, known)} ${formatNumber(count)}`);
  const rest = counts.slice(NAMED).reduce((sum, [, count]) => sum + count, 0);
  const within = [...named, ...(rest > 0 ? [t("cluster.rest", { count: rest })] : [])].join(", ");
  return `${t("cluster.places", { count: cluster.point_count })}${within === "" ? "" : `: ${within}`}`;
}

/** What opening it does: «Приблизить», «Показать списком». */
export function clusterAct(cluster: ClusterProperties): string {
  return t(cluster.expansion_zoom === null ? "cluster.open" : "cluster.zoom");
}

export function clusterText(cluster: ClusterProperties, known: readonly Category[]): string {
  return `${clusterWords(cluster, known)}. ${clusterAct(cluster)}`;
}

/** Number 0, the chosen place that is not among the results, is left unsaid. «3. Демо-музей, Музеи и выставки, Скидка 50 %». */
export function pinText({ number, location }: PlaceEntry, known: readonly Category[]): string {
  const benefit = language() === "ru" ? location.benefit : benefitText(location.benefit_kind, location.benefit_value);
  return [number === 0 ? location.name : `${number}. ${location.name}`, categoryName(location.category, known), benefit].filter(Boolean).join(", ");
}

/** A count that fits a small ring: 940, «1,2 тыс.». */
export function shortCount(count: number): string {
  return count < 1000 ? formatNumber(count) : formatNumber(count, { notation: "compact", maximumFractionDigits: count < 10_000 ? 1 : 0 });
}

function categoryName(code: string, known: readonly Category[]): string {
  return known.find((category) => category.code === code)?.[language()] ?? code;
}
