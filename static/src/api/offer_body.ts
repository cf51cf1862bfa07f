/** The body of an OpenID4VCI offer, which comes from wherever a link led: read member by member, believed in nothing. */
export const PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
const MAX_TX_CODE = 32;

export interface Offer {
  readonly credential_issuer: string;
  readonly credential_configuration_ids: readonly string[];
  readonly code: string;
  /** null: no code is asked for. */
  readonly tx_code: { readonly length: number } | null;
}

/** null: this is no offer that we can take. */
export function offerOf(body: unknown): Offer | null {
  const issuer = member(body, "credential_issuer");
  const grant = member(member(body, "grants"), PRE_AUTHORIZED);
  const code = member(grant, "pre-authorized_code");
  if (typeof issuer !== "string" || typeof code !== "string" || code === "") return null;
  const ids = member(body, "credential_configuration_ids");
  const asked = member(grant, "tx_code");
  return {
    credential_issuer: issuer,
    credential_configuration_ids: Array.isArray(ids) ? ids.filter((id): id is string => typeof id === "string") : [],
    code,
    tx_code: asked === undefined || asked === null ? null : { length: digitsOf(member(asked, "length")) },
  };
}

function member(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null && Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : undefined;
}

function digitsOf(length: unknown): number {
  return typeof length === "number" && Number.isInteger(length) && length > 0 && length <= MAX_TX_CODE ? length : 6;
}
