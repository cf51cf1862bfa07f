import { formatNumber, t } from "./index.js";

/**
 * A distance as people say it: tens of metres, then tenths of a kilometre, then kilometres. Finer would pretend that
 * a straight line is a walk.
 */
export function distanceText(distance_m: number): string {
  const tens_m = Math.max(10, Math.round(distance_m / 10) * 10);
  if (tens_m < 1000) return t("distance.m", { value: tens_m });
  const km = distance_m / 1000;
  const digits = km < 9.95 ? 1 : 0;
  return t("distance.km", { value: formatNumber(km, { maximumFractionDigits: digits }) });
}
