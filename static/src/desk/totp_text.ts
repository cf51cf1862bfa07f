/** The second key's texts. Pure. */

/** «JBSW Y3DP EHPK 3PXP»: groups of four can be typed off a screen. */
export function inFours(secret: string): string {
  return secret.replaceAll(/\s/g, "").match(/.{1,4}/g)?.join(" ") ?? "";
}

/** A picture that came as text, as the address of an image: markup in it never becomes part of the page. */
export function svgAddress(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** null: not six digits. Spaces are how apps show them. */
export function sixDigits(typed: string): string | null {
  const digits = typed.replaceAll(/\s/g, "");
  return /^\d{6}$/.test(digits) ? digits : null;
}
