// The part of the fake that gives credentials and codes: enough of the contract to drive the wallet page, with the
// signatures of all proofs really checked. Behind /fake/ stand what the command line and the office do to the binary:
//
//   POST /fake/invite          {"offer_uri","wallet_url","tx_code","right_id"}
//   POST /fake/right           {"state":"suspended"} for all rights, or "replaced" for all devices
//   POST /fake/use             {"text"}: as if a cashier had checked the code
import { createHash, createPublicKey, randomBytes, randomInt, verify } from "node:crypto";

const PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
const STEP_S = 30;
const NONCE_MS = 5 * 60_000;
const REFUSALS = { suspended: "right-suspended", revoked: "right-revoked", ended: "right-ended", replaced: "wallet-replaced" };

/** offers by id, tokens, nonces (value: until), devices by thumbprint, rights by id, codes that were accepted, jti seen */
const store = { offers: new Map(), tokens: new Map(), nonces: new Map(), devices: new Map(), rights: new Map(), used: new Set(), jtis: new Set() };

/** Answers what belongs to credentials and says so; false leaves the request to others. */
export async function answerCredentials(request, response, url) {
  const path = url.pathname;
  if (!/^\/(\.well-known|credentials|fake|api\/v1\/wallet)\//.test(path)) return false;
  const origin = `http://${request.headers.host}`;
  const body = await text(request);
  const send = (status, json, headers = {}) => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers }).end(json === null ? "" : JSON.stringify(json));
    return true;
  };
  const oauth = (error, error_description, status = 400) => send(status, { error, error_description });
  const refuse = (status, kind, title, headers = {}) =>
    send(status, { type: `/problems/${kind}`, title, status }, { ...headers, "content-type": "application/problem+json" });

  if (path === "/.well-known/openid-credential-issuer") return send(200, metadata(origin));
  if (path === "/.well-known/oauth-authorization-server") {
    return send(200, { issuer: origin, token_endpoint: `${origin}/credentials/token`, grant_types_supported: [PRE_AUTHORIZED] });
  }
  if (path === "/fake/invite") return send(200, invite(origin, newRight()));
  if (path === "/fake/right") {
    const { state } = JSON.parse(body);
    if (state === "replaced") for (const device of store.devices.values()) device.replaced = true;
    else for (const right of store.rights.values()) right.state = state;
    return send(200, {});
  }
  if (path === "/fake/use") {
    store.used.add(JSON.parse(body).text);
    return send(200, {});
  }

  const offer = /^\/credentials\/offers\/([\w-]+)$/.exec(path);
  if (offer !== null) {
    const found = store.offers.get(offer[1]);
    if (found === undefined || found.dead) return refuse(404, "no-offer", "Такого приглашения нет");
    return send(200, {
      credential_issuer: origin, credential_configuration_ids: ["large_family_sd_jwt", "large_family_cwt"],
      grants: { [PRE_AUTHORIZED]: { "pre-authorized_code": found.code, tx_code: { length: 6, input_mode: "numeric" } } },
    });
  }
  if (path === "/credentials/token") {
    const form = new URLSearchParams(body);
    const found = [...store.offers.values()].find(({ code }) => code === form.get("pre-authorized_code"));
    if (form.get("grant_type") !== PRE_AUTHORIZED || found === undefined || found.dead) return oauth("invalid_grant", "no such code");
    if (!form.has("tx_code")) return oauth("invalid_request", "tx_code is missing");
    if (form.get("tx_code") !== found.tx_code) {
      found.tries -= 1;
      found.dead = found.tries === 0;
      return oauth("invalid_grant", "wrong tx_code");
    }
    found.dead = true;
    const token = randomBytes(24).toString("base64url");
    store.tokens.set(token, found);
    return send(200, { access_token: token, token_type: "Bearer", expires_in: 300 });
  }
  if (path === "/credentials/nonce") return send(200, { c_nonce: nonce() });
  const bearer = store.tokens.get(/^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "");
  if (path === "/credentials/notification") return bearer === undefined ? oauth("invalid_token", "", 401) : send(204, null);
  if (path === "/credentials/credential") {
    if (bearer === undefined) return oauth("invalid_token", "unknown token", 401);
    return issue(JSON.parse(body), bearer, origin, send, oauth);
  }
  if (path === "/api/v1/wallet/lost") {
    const given = JSON.parse(body).recovery_code.toUpperCase().replace(/[^0-9A-Z]/g, "");
    const right = [...store.rights.values()].find(({ recovery }) => recovery?.replaceAll("-", "") === given);
    if (right === undefined) return refuse(404, "no-recovery", "Такого кода нет");
    for (const device of store.devices.values()) if (device.right === right) device.revoked = true;
    return send(204, null);
  }
  const route = /^\/api\/v1\/wallet\/(codes|state|spoken|recovery|move|forget)$/.exec(path)?.[1];
  if (route === undefined) return false;
  const next = { "dpop-nonce": nonce() };
  const proof = checked(request.headers.dpop ?? "", "dpop+jwt");
  if (proof === null || proof.body.htm !== "POST" || proof.body.htu !== origin + path || store.jtis.has(proof.body.jti)) {
    return refuse(401, "bad-proof", "Подпись не подошла", next);
  }
  if (!fresh(proof.body.nonce)) return refuse(401, "use-nonce", "Нужен новый nonce", next);
  store.jtis.add(proof.body.jti);
  const device = store.devices.get(thumbprint(proof.header.jwk));
  if (device === undefined) return refuse(401, "unknown-device", "Этот телефон не знаком", next);
  return serve(route, JSON.parse(body || "{}"), device, origin, (json, status = 200) => send(status, json, next), (status, kind) => refuse(status, kind, kind, next));
}

function serve(route, given, device, origin, send, refuse) {
  const state = stateOf(device);
  const now = Date.now();
  switch (route) {
    case "state": {
      const code_used = store.used.has(given.code);
      return send({ state, category: "large_family", region: "26", valid_until: "2027-03-31", code_used, devices: 1, server_time_ms: now });
    }
    case "forget":
      store.devices.delete(device.id);
      return send(null, 204);
    default:
      if (state !== "active") return refuse(403, REFUSALS[state]);
  }
  switch (route) {
    case "codes": {
      const step = Math.floor(now / 1000 / STEP_S);
      const codes = Array.from({ length: given.count ?? 10 }, (_, index) => ({ step: step + index, text: `HTTPS://RYADOM.EXAMPLE/Q#A${base32(42)}` }));
      return send({ server_time_ms: now, step_s: STEP_S, grace_s: 15, codes });
    }
    case "spoken":
      return given.terminal === "4821" ? send({ digits: String(randomInt(1e6)).padStart(6, "0"), expires_in_s: 60 }) : refuse(404, "no-terminal");
    case "recovery":
      device.right.recovery = base32(8).slice(0, 12).replace(/(.{4})(?=.)/g, "$1-");
      return send({ recovery_code: device.right.recovery });
    default: {
      const { wallet_url, offer_uri, tx_code } = invite(origin, device.right, device);
      return send({ wallet_url, offer_uri, tx_code, expires_in_s: 600 });
    }
  }
}

function stateOf({ right, replaced, revoked }) {
  return revoked ? "revoked" : replaced ? "replaced" : right.state;
}

function issue({ credential_configuration_id: configuration, proofs }, offer, origin, send, oauth) {
  const jwts = proofs?.jwt ?? [];
  const nonces = new Set();
  const keys = [];
  for (const jwt of jwts) {
    const proof = checked(jwt, "openid4vci-proof+jwt");
    if (proof === null || proof.body.aud !== origin || Math.abs(proof.body.iat - Date.now() / 1000) > 300) return oauth("invalid_proof", "a proof is wrong");
    nonces.add(proof.body.nonce);
    keys.push(proof.header.jwk);
  }
  if (nonces.size !== 1 || !fresh([...nonces][0])) return oauth("invalid_nonce", "take a new nonce");
  store.nonces.delete([...nonces][0]);
  if (configuration === "large_family_sd_jwt") {
    if (offer.replaces !== undefined) offer.replaces.replaced = true;
    const id = thumbprint(keys[0]);
    store.devices.set(id, { id, right: offer.right });
  } else if (configuration !== "large_family_cwt") return oauth("unknown_credential_configuration", "");
  const credentials = keys.map((_, index) => ({ credential: configuration === "large_family_cwt" ? randomBytes(120).toString("base64url") : `eyJ.fake.${index}~` }));
  return send(200, { credentials, notification_id: randomBytes(8).toString("hex") });
}

function newRight() {
  const id = randomBytes(6).toString("hex");
  store.rights.set(id, { id, state: "active", recovery: null });
  return store.rights.get(id);
}

function invite(origin, right, replaces) {
  const id = randomBytes(16).toString("base64url");
  const offer = { right, replaces, code: randomBytes(16).toString("base64url"), tx_code: String(randomInt(1e6)).padStart(6, "0"), tries: 3, dead: false };
  store.offers.set(id, offer);
  const named = `credential_offer_uri=${encodeURIComponent(`${origin}/credentials/offers/${id}`)}`;
  return { offer_uri: `openid-credential-offer://?${named}`, wallet_url: `${origin}/wallet#${named}`, tx_code: offer.tx_code, right_id: right.id };
}

/** The parts of a JWT whose signature is good under its own header's key, or null. */
function checked(jwt, typ) {
  try {
    const [head, body, signature, ...more] = jwt.split(".");
    const header = JSON.parse(Buffer.from(head, "base64url"));
    if (more.length > 0 || header.typ !== typ || header.alg !== "ES256" || Object.keys(header.jwk).sort().join() !== "crv,kty,x,y") return null;
    const key = createPublicKey({ key: header.jwk, format: "jwk" });
    const good = verify("sha256", Buffer.from(`${head}.${body}`), { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
    return good ? { header, body: JSON.parse(Buffer.from(body, "base64url")) } : null;
  } catch {
    return null;
  }
}

function thumbprint({ crv, kty, x, y }) {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}

function nonce() {
  const value = randomBytes(16).toString("base64url");
  store.nonces.set(value, Date.now() + NONCE_MS);
  return value;
}

function fresh(value) {
  return (store.nonces.get(value) ?? 0) > Date.now();
}

function base32(bytes) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let [bits, have, all] = [0, 0, ""];
  for (const byte of randomBytes(bytes)) {
    bits = (bits << 8) | byte;
    for (have += 8; have >= 5; have -= 5) all += alphabet[(bits >> (have - 5)) & 31];
    bits &= (1 << have) - 1;
  }
  return have > 0 ? all + alphabet[(bits << (5 - have)) & 31] : all;
}

function metadata(origin) {
  const at = (name) => `${origin}/credentials/${name}`;
  return {
    credential_issuer: origin, credential_endpoint: at("credential"), nonce_endpoint: at("nonce"), notification_endpoint: at("notification"),
    batch_credential_issuance: { batch_size: 30 },
    credential_configurations_supported: { large_family_sd_jwt: { format: "dc+sd-jwt" }, large_family_cwt: { format: "ryadom+cwt" } },
  };
}

async function text(request) {
  let all = "";
  for await (const chunk of request) all += chunk;
  return all;
}
