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
/** A link up to what may be its own last letter: a message's punctuation follows it. One pass, however long the text. */
const LINK = /(?:openid-credential-offer:\/\/|https?:\/\/|#credential_offer_uri=)[^\s<>"«»]*[^\s<>"«».,;:!)\]]/i;
/** No offers: a link to one of these was pasted by mistake. */
const OWN_PAGE = /^\/(wallet|scan|q|docs|place\/.*)?$/i;

export function readOfferLink(text: string, origin: string): OfferLink {
  const link = LINK.exec(text)?.[0];
  if (link === undefined) return { kind: "none" };
  if (link.toLowerCase().startsWith(SCHEME)) return named(new URLSearchParams(link.slice(link.indexOf("?") + 1)), origin);
  if (link.startsWith("#")) return named(new URLSearchParams(link.slice(1)), origin);
  const url = parsed(link);
  if (url?.origin === origin && url.hash.includes("credential_offer_uri=")) return named(new URLSearchParams(url.hash.slice(1)), origin);
  return addressed(url, origin);
}

function named(parameters: URLSearchParams, origin: string): OfferLink {
  return addressed(parsed(parameters.get("credential_offer_uri") ?? ""), origin);
}

function addressed(url: URL | null, origin: string): OfferLink {
  if (url === null) return { kind: "none" };
  // Not by `url.origin` alone: a blob: address has the origin of the page that made it, and its path is a whole address.
  if (`${url.protocol}//${url.host}` !== origin) return { kind: "foreign", host: url.host || url.protocol };
  // Two slashes lead away from here: whoever fetches such a path takes what follows them for a host.
  if (url.pathname.startsWith("//") || OWN_PAGE.test(url.pathname)) return { kind: "none" };
  return { kind: "offer", path: url.pathname + url.search };
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
