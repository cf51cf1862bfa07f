/**
 * An invitation, in every form in which it reaches a phone: our link, opened or pasted (`…/wallet#credential_offer_uri=…`),
 * the standard's own scheme out of a QR code (`openid-credential-offer://?credential_offer_uri=…`), the bare address of
 * the offer, or a message with any of these inside. A foreign address is refused here, before anything is fetched.
 */
export type OfferLink =
  /** The path (and query) of the offer on our own origin. */
  | { readonly kind: "offer"; readonly path: string }
  | { readonly kind: "foreign"; readonly host: string }
  | { readonly kind: "none" };

const SCHEME = "openid-credential-offer://";

export function readOfferLink(text: string, origin: string): OfferLink {
  const found = /(openid-credential-offer:\/\/|https?:\/\/|#credential_offer_uri=)[^\s<>"«»]+/i.exec(text);
  if (found === null) return { kind: "none" };
  const link = found[0].replace(/[.,;:!)\]]+$/, ""); // a message's punctuation after the link
  const lower = link.toLowerCase();
  if (lower.startsWith(SCHEME)) return named(new URLSearchParams(link.slice(link.indexOf("?") + 1)), origin);
  if (link.startsWith("#")) return named(new URLSearchParams(link.slice(1)), origin);
  const url = parsed(link);
  if (url === null) return { kind: "none" };
  if (url.origin !== origin) return { kind: "foreign", host: url.host };
  if (url.hash.includes("credential_offer_uri=")) return named(new URLSearchParams(url.hash.slice(1)), origin);
  // Our own pages are no offers: a link to one of them was pasted by mistake.
  return /^\/(wallet|scan|q|docs|place\/.*)?$/i.test(url.pathname) ? { kind: "none" } : { kind: "offer", path: url.pathname + url.search };
}

function named(parameters: URLSearchParams, origin: string): OfferLink {
  const url = parsed(parameters.get("credential_offer_uri") ?? "");
  if (url === null) return { kind: "none" };
  return url.origin === origin ? { kind: "offer", path: url.pathname + url.search } : { kind: "foreign", host: url.host || url.protocol };
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
