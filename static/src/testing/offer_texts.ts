/**
 * Invitations to try `wallet/offer.ts` with, as fast-check arbitraries: well-formed ones in every form that it promises to
 * read, on this site and on others, and what can become of them on the way.
 */
import fc from "fast-check";

/** The site that the corpus is about. */
export const OWN = "https://ryadom.example";
/** A site that no text here names. */
export const STRANGER = "https://stranger.invalid";

export interface Sent {
  readonly origin: string;
  /** The offer's path and query. */
  readonly path: string;
  /** The host that is invited to; of an address without one, its scheme. */
  readonly host: string;
  /** The link alone. */
  readonly link: string;
  /** The link as it comes: perhaps with words around it. */
  readonly text: string;
}

const percent = (text: string): string =>
  [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const port = fc.integer({ min: 1024, max: 65535 });
const origins: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(OWN) },
  fc.tuple(label, label).map(([a, b]) => `https://${a}.${b}`),
  fc.tuple(label, label, port).map(([a, b, at]) => `https://${a}.${b}:${at}`),
  fc.tuple(fc.constantFrom("127.0.0.1", "localhost", "[::1]"), port).map(([host, at]) => `http://${host}:${at}`),
);

// Nothing here ends in what a reader of a message takes for the sentence's punctuation.
const handle = fc.stringMatching(/^[A-Za-z0-9_-]{1,22}$/);
const segment = fc.stringMatching(/^[A-Za-z0-9_~!$'()*+,;=:@-]{0,6}([A-Za-z0-9_-]|%D0%B9|%2F)$/);
const query = fc.option(fc.stringMatching(/^\?[a-z]{1,4}=[A-Za-z0-9/?:@&=+,.%]{0,8}[A-Za-z0-9_-]$/), { nil: "" });
const paths: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: handle.map((id) => `/credentials/offers/${id}`) },
  fc.tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), query).map(([all, asked]) => `/o/${all.join("/")}${asked}`),
);

const encoders: fc.Arbitrary<(text: string) => string> = fc.constantFrom(
  encodeURIComponent, percent, // as libraries do it, and every byte of it
  (text: string) => percent(text).toLowerCase(),
  (text: string) => encodeURIComponent(text).replace(/[^A-Za-z0-9%]/g, percent), // as the service does it
);

const anyWords = fc.string({ unit: "grapheme", maxLength: 12 });
const extra = fc.tuple(fc.constantFrom("lang", "state", "credential_offer", "Credential_offer_uri", "__proto__"), anyWords)
  .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
const SCHEME = "openid-credential-offer://";
const scheme = fc.tuple(fc.mixedCase(fc.constant(SCHEME)), fc.constantFrom("?", "/?", "issue?")).map((parts) => parts.join(""));

/** A link that names `address` in a parameter, on the page of `origin` or in the standard's scheme. */
function namedLinks(origin: string, named: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const mixed = fc.tuple(fc.array(extra, { maxLength: 2 }), named, fc.array(extra, { maxLength: 2 }))
    .map(([before, name, after]) => [...before, name, ...after].join("&"));
  const first = fc.tuple(named, fc.array(extra, { maxLength: 2 })).map(([name, after]) => [name, ...after].join("&"));
  return fc.oneof(
    fc.tuple(scheme, mixed).map((parts) => parts.join("")),
    fc.tuple(fc.constantFrom("/wallet#", "/wallet?lang=en#"), mixed).map((parts) => origin + parts.join("")),
    first.map((parameters) => `#${parameters}`), // a fragment alone is known by how it begins
  );
}

const parameter = (address: string): fc.Arbitrary<string> => encoders.map((encode) => `credential_offer_uri=${encode(address)}`);

// Words that hold no link; what follows a link may be anything.
const before = fc.stringMatching(/^[A-Za-zА-я0-9 .,!?()-]{0,20}$/);
const around = fc.tuple(
  before, fc.constantFrom("", " ", "\n", "(", "«", '"', "<", ": "), fc.constantFrom("", ".", ")", "»", '"', ">", "!)", ".,;:!)]"),
  fc.constantFrom("", " ", "\n", "\u00a0"), anyWords,
);
const inMessages = (link: string): fc.Arbitrary<string> => fc.oneof(
  fc.constant(link),
  around.map(([words, open, close, space, more]) => words + open + link + close + (space === "" ? "" : space + more)),
);

/** Where an invitation of `origin` leads: its address, the host that a refusal names, and whether it is a link as it stands. */
type Target = readonly [address: string, host: string, isLink: boolean];

function sent(targets: (origin: string, path: string) => fc.Arbitrary<Target>): fc.Arbitrary<Sent> {
  return fc.tuple(origins, paths).chain(([origin, path]) => targets(origin, path).chain(([address, host, isLink]) => {
    const named = namedLinks(origin, parameter(address));
    return (isLink ? fc.oneof(fc.constant(address), named) : named)
      .chain((link) => inMessages(link).map((text) => ({ origin, path, host, link, text })));
  }));
}

/** Well-formed, and of the site itself. */
export const invitations = sent((origin, path) => fc.constant([origin + path, new URL(origin).host, true]));

/** Well-formed, but not of this site, though some are made to look so. */
export const foreignInvitations = sent((origin, path) => {
  const { protocol, host, hostname } = new URL(origin);
  const bare = hostname.replace(/[[\]:]/g, "");
  return fc.constantFrom<Target>(
    [`https://evil.example${path}`, "evil.example", true],
    [`https://evil.example:8443${path}`, "evil.example:8443", true],
    [`https://${host}@evil.example${path}`, "evil.example", true],
    [`https://user:${bare}@evil.example${path}`, "evil.example", true],
    [`https://${bare}.evil.example${path}`, `${bare}.evil.example`, true],
    [`https://evil.example/wallet#credential_offer_uri=${encodeURIComponent(origin + path)}`, "evil.example", true],
    [`${protocol === "https:" ? "http:" : "https:"}//${host}${path}`, host, true],
    [`${protocol}//${hostname}:1023${path}`, `${hostname}:1023`, true],
    [`blob:${origin}${path}`, "blob:", false],
    [`ftp://${hostname}${path}`, hostname, false],
    [`file://${path}`, "file:", false],
    ["javascript:alert(1)", "javascript:", false],
    ["data:text/html,x", "data:", false],
  );
});

const addresses = paths.map((path) => OWN + path);

/** The path of one offer, and a link that names it and then another. */
export const twice = fc.tuple(paths, fc.oneof(addresses, fc.constantFrom("https://evil.example/o", "", "x"))).chain(([path, other]) =>
  fc.tuple(fc.constant(path), namedLinks(OWN, fc.tuple(parameter(OWN + path), parameter(other)).map((both) => both.join("&")))));

const MEMBERS = ["__proto__", "constructor", "credential_issuer", "grants", "credential_configuration_ids"];
const json = fc.oneof(
  fc.json(),
  fc.array(fc.tuple(fc.constantFrom(...MEMBERS), fc.json()), { maxLength: 4 }).map((all) => `{${all.map(([name, value]) => `"${name}":${value}`).join(",")}}`),
);
const OTHER_SCHEMES = ["openid-credential-offer:", "openid-credential-offer:/", "openid-credential-offers://", "openid-vc://", "haip://", "openid4vp://", "mailto:"];

/** What resembles an invitation: encoded twice, of another scheme, or with the offer itself in it. */
export const unreadable: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(addresses, encoders, encoders).chain(([at, inner, outer]) => namedLinks(OWN, fc.constant(`credential_offer_uri=${outer(inner(at))}`))),
  fc.tuple(fc.constantFrom(...OTHER_SCHEMES), addresses, encoders).map(([other, at, encode]) => `${other}?credential_offer_uri=${encode(at)}`),
  fc.tuple(fc.constantFrom("credential_offer", "credential_offer_uri"), json, encoders).chain(([name, value, encode]) => namedLinks(OWN, fc.constant(`${name}=${encode(value)}`))),
  fc.tuple(addresses, encoders).chain(([at, encode]) => namedLinks(OWN, fc.constant(`credential_offer=${encode(at)}`))),
).chain(inMessages);

const NASTY = ["/", "//", "\\", "@", "#", "?", "&", "=", ":", "%", "%2F", "%25", "%00", "..", "/../", "/.//", "https://", "http:", "blob:", "javascript:", "file:///",
  "credential_offer_uri=", "credential_offer=", "#credential_offer_uri=", SCHEME, "evil.example", OWN, encodeURIComponent(OWN), '{"__proto__":{}}',
  "\0", "\t", "\n", " ", "\ud800", "\udfff", "\u00ad", "\u202e", "。", "ｈｔｔｐｓ", "[::1]", "»", ")", "wallet"];

/** Any UTF-16 units, among them halves of pairs; and pieces of links in any order. */
export const noise: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.nat({ max: 0xffff }), { maxLength: 60 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...NASTY) }, fc.string({ maxLength: 4 })), { maxLength: 12 }).map((all) => all.join("")),
);

type Edit = readonly [kind: "cut" | "drop" | "insert" | "twice" | "encode" | "decode" | "case" | "move", at: number, length: number, piece: string];
const edit: fc.Arbitrary<Edit> = fc.tuple(
  fc.constantFrom("cut", "drop", "insert", "insert", "insert", "twice", "encode", "decode", "case", "move"), fc.nat({ max: 999 }), fc.nat({ max: 24 }), fc.constantFrom(...NASTY),
);

function edited(text: string, [kind, at_permille, length, piece]: Edit): string {
  const at = Math.floor((text.length * at_permille) / 1000);
  const [head, part, tail] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
  switch (kind) {
    case "cut": return head;
    case "drop": return head + tail;
    case "insert": return head + piece + part + tail;
    case "twice": return head + part + part + tail;
    case "encode": return head + percent(part) + tail;
    case "decode": return head + part.replace(/%([0-7][0-9a-f])/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) + tail;
    case "case": return head + part.toUpperCase() + tail;
    case "move": return part + head + tail;
  }
}

/** A text, damaged in a few places. */
export const damaged = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(text, fc.array(edit, { minLength: 1, maxLength: 5 })).map(([whole, edits]) => edits.reduce(edited, whole));

/** Fifty thousand letters, most of them the same few. */
export const long: fc.Arbitrary<string> = fc.tuple(
  fc.constantFrom("", SCHEME, `${SCHEME}?`, "https://", `${OWN}/`, "#credential_offer_uri="), noise,
  fc.constantFrom(".", ",!)", "&a=b", "%25", "/..", "//", "@", "\ud800", " ", "https://", SCHEME, "#credential_offer_uri="), fc.oneof(fc.constant("x"), noise),
).map(([start, seed, piece, end]) => start + seed + piece.repeat(50_000 / piece.length) + end);
