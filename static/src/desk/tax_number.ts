/**
 * The numbers of an organisation, checked on the spot so that a typing slip shows before the server has answered, and
 * without a connection. The server's own words win.
 *
 * # Source
 * The Federal Tax Service's rules for INN and OGRN check digits; КПП has none.
 */
export type TaxFault = "digits" | "length" | "check_digit" | "zeros" | "kpp_needless" | "kind";

const W10 = [2, 4, 10, 3, 5, 9, 4, 6, 8];
const W11 = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
const W12 = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

/** Spaces and dashes out: how numbers are written on paper. */
export function bare(text: string | null | undefined): string {
  return (text ?? "").replaceAll(/[\s\u00a0\u2009-]/g, "").toUpperCase();
}

/** null: nothing to say against it. */
export function innFault(text: string): TaxFault | null {
  const digits = bare(text);
  const shape = shapeFault(digits, [10, 12]);
  if (shape !== null) return shape;
  const good = digits.length === 10
    ? weighed(digits, W10) === Number(digits[9])
    : weighed(digits, W11) === Number(digits[10]) && weighed(digits, W12) === Number(digits[11]);
  return good ? null : "check_digit";
}

export function ogrnFault(text: string): TaxFault | null {
  const digits = bare(text);
  const shape = shapeFault(digits, [13, 15]);
  if (shape !== null) return shape;
  const modulus = digits.length === 13 ? 11n : 13n;
  return Number((BigInt(digits.slice(0, -1)) % modulus) % 10n) === Number(digits.at(-1)) ? null : "check_digit";
}

export function kppFault(text: string): TaxFault | null {
  const sign = bare(text);
  if (sign.length !== 9) return "length";
  return /^\d{4}[\dA-Z]{2}\d{3}$/.test(sign) ? null : "digits";
}

export interface TaxNumbers {
  readonly inn?: string | null;
  readonly ogrn?: string | null;
  readonly kpp?: string | null;
}

/** Faults of the three together; what is still empty is not yet a fault. */
export function taxFaults({ inn, ogrn, kpp }: TaxNumbers): Partial<Record<"inn" | "ogrn" | "kpp", TaxFault>> {
  const [i, o, k] = [bare(inn), bare(ogrn), bare(kpp)];
  const faults: Partial<Record<"inn" | "ogrn" | "kpp", TaxFault>> = {};
  const put = (field: "inn" | "ogrn" | "kpp", fault: TaxFault | null): void => {
    if (fault !== null) faults[field] = fault;
  };
  if (i !== "") put("inn", innFault(i));
  if (o !== "") put("ogrn", ogrnFault(o));
  if (k !== "") put("kpp", kppFault(k));
  const isPerson = i.length === 12;
  if (o !== "" && faults.inn === undefined && faults.ogrn === undefined && i !== "" && isPerson !== (o.length === 15)) put("ogrn", "kind");
  if (k !== "" && isPerson) put("kpp", "kpp_needless");
  return faults;
}

function shapeFault(digits: string, lengths: readonly number[]): TaxFault | null {
  if (!/^\d*$/.test(digits)) return "digits";
  if (!lengths.includes(digits.length)) return "length";
  return /^0+$/.test(digits) ? "zeros" : null;
}

function weighed(digits: string, weights: readonly number[]): number {
  return (weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0) % 11) % 10;
}
