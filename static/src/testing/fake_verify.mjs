// The checking part of the fake API: terminals and verdicts. A code's payload names the answer it gets, for example
// `HTTPS://HOST/Q#AREVOKED`; anything else that is shaped like a code is valid once.
import { randomBytes } from "node:crypto";

/** Pairing codes that work, as often as one likes. */
export const PAIRING = "K7QM-2XPD";
/** The spoken digits that are right; 000000 locks. */
export const SPOKEN = "530914";

const MARK = "🦊 4";
const BENEFITS = [
  { kind: "percent", value: 10, title: "Скидка 10 % на билеты", terms: "Для каждого члена семьи" },
  { kind: "free", value: null, title: "Детям до 7 лет — бесплатно", terms: null },
];
const TERMINAL = { terminal: { id: "t-1", name: "Касса 1", number: "4821" }, location: { id: "museum-1", name: "Музей изобразительных искусств" }, benefits: BENEFITS };

const REASONS = {
  EXPIRED: "code_expired", USED: "code_used", SEEN: "code_seen", REVOKED: "revoked", SUSPENDED: "suspended", ENDED: "right_ended",
  NOTYET: "not_yet", CLOCK: "clock", FOREIGN: "not_ours", STALE: "stale_status", OLD: "old_bundle", LIMITED: "rate_limited", YOUNGER: "younger_reason",
};
const CANNOT = new Set(["STALE", "OLD", "LIMITED"]);

const state = { tokens: new Set(), used: new Set(), kept: new Map(), tries: 0 };

/** Answers when the address is one of these routes; false otherwise. */
export async function answerChecks(url, request, body, send, refuse) {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (url.pathname === "/api/v1/terminals/pair") {
    const { code } = JSON.parse(await body());
    if (code === "WAIT-WAIT") return refuse(429, "Слишком много попыток", "", { "retry-after": "60" });
    if (code !== PAIRING) return refuse(404, "Нет такого кода", "");
    const given = `rt_${randomBytes(12).toString("base64url")}`;
    state.tokens.add(given);
    return send(200, { token: given, ...TERMINAL });
  }
  if (url.pathname === "/api/v1/terminals/me") {
    return state.tokens.has(token) ? send(200, { ...TERMINAL, shift_mark: MARK }) : refuse(401, "Касса отключена", "");
  }
  if (url.pathname === "/api/v1/terminals/forget-all") { // for tests alone: what revoking a terminal does
    state.tokens.clear();
    return send(200, {});
  }
  if (url.pathname !== "/api/v1/verify") return false;
  if (token !== undefined && !state.tokens.has(token)) return refuse(401, "Касса отключена", "");
  const { text, spoken, check_id } = JSON.parse(await body());
  const kept = state.kept.get(check_id);
  if (kept !== undefined) return send(200, kept);
  const scenario = text === undefined ? "" : text.slice(text.indexOf("#") + 2);
  if (scenario === "BUSY") return refuse(429, "Слишком много проверок", "", { "retry-after": "42" });
  if (scenario === "DOWN") return refuse(503, "Не сейчас", "");
  if (scenario === "SLOW") await new Promise((resolve) => setTimeout(resolve, 3000));
  const now = new Date().toISOString().replace(/\.\d+Z/, "Z");
  const no = (reason, result = "invalid") => ({ result, reason, category: null, mode: "online", checked_at: now });
  let verdict;
  if (spoken !== undefined && spoken !== SPOKEN) verdict = spoken === "000000" ? no("rate_limited", "cannot_check") : no("not_ours");
  else if (REASONS[scenario] !== undefined) verdict = no(REASONS[scenario], CANNOT.has(scenario) ? "cannot_check" : "invalid");
  else if (text !== undefined && state.used.has(text) && scenario !== "AGAIN") verdict = no("code_used");
  else {
    if (token === undefined) state.used.add(text); // a terminal gets its own answer again for two minutes
    const bare = { result: "valid", reason: null, category: "large_family", mode: "online", checked_at: now };
    verdict = token === undefined ? bare : {
      ...bare, region: "26", valid_until: "2027-03", status_as_of: now, receipt: receipt(), shift_mark: MARK, location: TERMINAL.location, benefits: BENEFITS,
    };
  }
  if (check_id !== undefined) state.kept.set(check_id, verdict);
  return send(200, verdict);
}

function receipt() {
  const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
  const four = () => [...randomBytes(4)].map((byte) => letters[byte % letters.length]).join("");
  return `${four()}-${four()}`;
}
