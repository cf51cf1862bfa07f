import type { BenefitKind } from "../api/types.js";
import { formatNumber, t } from "./index.js";

/** A benefit's kind and value in the page's language («10 % off», «Бесплатно»), or `null` when no kind is known. */
export function benefitText(kind: BenefitKind | null, value: number | null): string | null {
  switch (kind) {
    case "free":
      return t("benefit.free");
    case "gift":
      return t("benefit.gift");
    case "percent":
      return value === null ? t("benefit.percent_any") : t("benefit.percent", { value: formatNumber(value) });
    case "fixed":
      return value === null ? t("benefit.fixed_any") : t("benefit.fixed", { value: formatNumber(value) });
    case "price":
      return value === null ? t("benefit.price_any") : t("benefit.price", { value: formatNumber(value) });
    default:
      return null; // none, or a kind younger than this page
  }
}
