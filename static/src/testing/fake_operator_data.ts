/** Invented things for fake_operator.ts: the same at every start. */
import type {
  Account, AuditEntry, Content, Duplicate, LocationDocument, PartnerRow, QueueItem, RefusalRow, Revision, RevisionKind, Right,
} from "../api/operator_types.js";
import type { DayHours } from "../api/types.js";

export const CATEGORIES = [
  ["museum", "Музеи и выставки", "Museums"], ["sport", "Спорт и секции", "Sport"], ["cafe", "Кафе и еда", "Food"], ["pharmacy", "Аптеки", "Pharmacies"],
  ["kids_shop", "Детские товары", "Children's goods"], ["education", "Колледжи, кружки, курсы", "Education"],
].map(([code = "", ru = "", en = ""]) => ({ code, ru, en, aliases: [], count: 3 }));

const NAMES = [
  "Краеведческий музей имени Прозрителева и Праве", "Бассейн «Волна»", "Кафе «Семейное»", "Аптека на Лермонтова", "Детский мир на Мира",
  "Студия рисования «Радуга»", "Центр раннего развития детей дошкольного возраста «Первые шаги к знаниям и творчеству»", "Кинотеатр «Атлантис»",
];
const OWNERS = ["ООО «Северный ветер»", "ИП Кузнецова Анна Петровна", "Государственное бюджетное учреждение культуры «Ставропольский музей»", "АО «Фармация Юга»"];

export function contentOf(index: number): Content {
  return {
    name: NAMES[index % NAMES.length], category: CATEGORIES[index % CATEGORIES.length]?.code, categories_more: [],
    lon: 41.9642 + (index % 17) * 0.004, lat: 45.0344 + (index % 11) * 0.003, address: `г. Ставрополь, ул. Дзержинского, ${index + 1}`,
    opening_hours: "Mo-Fr 10:00-18:00; Sa 11:00-16:00; PH off", special_hours: "2027-01-01 closed; 2027-01-02 11:00-16:00", phone: "+78652260001",
    website: "https://example.ru", wheelchair: "limited",
    benefits: [{ title: "Вход для всей семьи", kind: "percent", value: 20, terms: "по будням, при предъявлении удостоверения многодетной семьи", from: "2027-01-01", hours: "Mo-Fr 10:00-14:00" }],
  };
}

/** The week of `contentOf`. */
function week(): DayHours[] {
  return ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].map((weekday, index) => ({
    date: `2026-11-${30 - 7 + index}`, weekday, holiday: false, intervals: index < 5 ? [{ from: "10:00", to: "18:00" }] : index === 5 ? [{ from: "11:00", to: "16:00" }] : [],
  }));
}

const AGES_S = [9 * 86_400, 4 * 86_400, 86_400 * 1.2, 5 * 3600, 3600, 900, 240, 30];

export function sampleQueue(count: number): QueueItem[] {
  const kinds: RevisionKind[] = ["edit", "new", "new", "edit", "partner"];
  return Array.from({ length: count }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? "new";
    const age_s = Math.max(30, Math.round((AGES_S[Math.floor((index * AGES_S.length) / count)] ?? 30) - index));
    return {
      id: `r-${index + 1}`, location_id: kind === "partner" ? null : `place-${index + 1}`, name: kind === "partner" ? OWNERS[index % OWNERS.length]! : NAMES[index % NAMES.length]!,
      partner: { id: `p-${index % 4}`, name: OWNERS[index % OWNERS.length]! }, kind, version: 1 + (index % 3), submitted_at: new Date(Date.now() - age_s * 1000).toISOString(),
      age_s, warnings: index % 4 === 1 ? 2 : 0, duplicates: index % 5 === 1 ? 2 : 0, answered: index % 6 === 3,
    };
  });
}

function profile(index: number): PartnerRow["profile"] {
  return {
    name: OWNERS[index % 4]!, legal_name: OWNERS[index % 4]!, inn: "2634091033", ogrn: "1122651000000", kpp: "263401001",
    contact_person: "Иванова Мария", contact_email: "info@example.ru", contact_phone: "+78652260000",
  };
}

export function revisionOf(item: QueueItem, index: number): Revision {
  const after = item.kind === "partner" ? { ...profile(index) } : contentOf(index);
  const before = item.kind === "new" ? null : item.kind === "partner" ? { ...after, contact_phone: "+78652269999", legal_name: "ООО «Ветер»" } : {
    ...after, name: NAMES[index % NAMES.length]?.replace("имени", "им."), lon: 41.9601, lat: 45.0362, phone: "+78652260099", wheelchair: "no", opening_hours: "Mo-Su 09:00-18:00",
    benefits: [{ title: "Вход для всей семьи", kind: "percent", value: 10, terms: "по выходным, при предъявлении удостоверения", from: "2027-01-01" }],
  };
  const twin = (number: number): Duplicate => ({
    location_id: `place-${20 + number}`, name: `Бассейн «Волна-${number}»`, address: "г. Ставрополь, ул. Ленина, 5", distance_m: 40 * number, state: "published",
    reasons: number === 1 ? ["same_inn", "similar_name"] : ["same_phone"], lon: 41.9642 + (index % 17) * 0.004 + 0.0006 * number, lat: 45.0344 + (index % 11) * 0.003 + 0.0003,
  });
  return {
    id: item.id, version: item.version, location_id: item.location_id, kind: item.kind, state: "pending", before, after, hours_week: item.kind === "partner" ? null : week(), submitted_at: item.submitted_at,
    partner: { ...profile(index), id: item.partner.id, state: index % 2 === 0 ? "published" : "new" },
    problems: item.warnings === 0 ? [] : [
      { field: "lon", severity: "warning", code: "far-from-settlement", detail: "Точка в 3,2 км от населённого пункта из адреса." },
      { field: "phone", severity: "warning", code: "phone-region", detail: "Код города не из Ставропольского края." },
    ],
    duplicates: item.duplicates === 0 ? [] : [twin(1), twin(2)],
    notes: item.answered ? [
      { at: new Date(Date.now() - 86_400_000).toISOString(), author: "operator", text: "Проверьте адрес и точку на карте." },
      { at: new Date(Date.now() - 3_600_000).toISOString(), author: "partner", text: "Точка верная: вход со двора, поправили описание." },
    ] : [],
  };
}

export function locationDocument(id: string): LocationDocument {
  const index = Number(id.split("-")[1] ?? 1) - 1;
  const content = contentOf(index);
  const state = (["published", "published", "suspended", "pending", "archived"] as const)[index % 5] ?? "published";
  const older = (version: number, change: Content): LocationDocument["history"][number] => ({
    version, state: "published", actor: version === 1 ? "olga.sergeeva@ministry.example" : "info@example.ru", at: `2026-11-${10 + version}T09:30:00Z`, content: { ...content, ...change },
  });
  const history = state === "pending" ? [] : [older(3, {}), older(2, { phone: "+78652260055", wheelchair: "no" }), older(1, { phone: "+78652260055", wheelchair: "no", opening_hours: "Mo-Su 09:00-18:00", lon: 41.95 })];
  return {
    id, state, on_map: state === "published", content, hours_week: week(), history, partner: { id: `p-${index % 4}`, name: OWNERS[index % 4]! },
    published: state === "pending" ? null : { version: 3, content, at: "2026-11-13T09:30:00Z" },
    revision: index % 5 === 0 || state === "pending" ? { id: `r-${index + 1}`, state: "pending", reason: null } : null,
  };
}

export function partners(): PartnerRow[] {
  return OWNERS.map((_, index) => ({
    id: `p-${index}`, profile: profile(index), state: index === 1 ? "pending" : "published", locations: [1, 3, 12, 41][index] ?? 1,
    managers: index === 1 ? [] : [{ id: `m-${index}`, email: `manager${index}@example.ru` }],
  }));
}

export function accounts(): Account[] {
  return [
    { id: "a-1", email: "olga.sergeeva@ministry.example", role: "operator", partner: null, created_at: "2026-10-01T08:00:00Z", disabled: false },
    { id: "a-2", email: "audit@ministry.example", role: "auditor", partner: null, created_at: "2026-10-05T08:00:00Z", disabled: false },
    { id: "a-3", email: "manager0@example.ru", role: "manager", partner: { id: "p-0", name: OWNERS[0]! }, created_at: "2026-11-01T08:00:00Z", disabled: false },
    { id: "a-4", email: "former@ministry.example", role: "operator", partner: null, created_at: "2026-09-01T08:00:00Z", disabled: true },
  ];
}

export function refusals(): RefusalRow[] {
  const row = (number: number, more: Partial<RefusalRow>): RefusalRow => ({
    id: `f-${number}`, location_id: `place-${number}`, location_name: NAMES[number]!, day: "2026-11-25", reason: "not_honoured", text: null, answer: null, state: "open",
    partner: { id: "p-0", name: OWNERS[0]! }, ...more,
  });
  return [
    row(1, { text: "На кассе сказали, что скидки больше нет." }), row(2, { reason: "code_not_taken", state: "answered", answer: "Касса обновлена, извините." }),
    row(3, { reason: "closed", state: "closed", answer: "Переехали." }),
  ];
}

export function rights(): Right[] {
  return ["applied", "applied", "applied", "confirmed", "confirmed", "suspended", "refused", "revoked"].map((state, index) => ({
    id: `right-${index + 1}-0f3a9c`, category: "large_family", region: "26", valid_from: "2026-11-01", valid_until: "2027-03-31", state,
    reason: state === "refused" ? "Нет в списке ведомства" : null, known_outside: index % 2 === 0, updated_at: new Date(Date.now() - index * 7_200_000).toISOString(),
  }));
}

export function audit(before: number): { entries: AuditEntry[]; next: string | null } {
  const acts = ["approve", "reject", "sign-in", "suspend", "invite", "right-confirmed"];
  const entries = Array.from({ length: 50 }, (_, index) => before - index).filter((number) => number > 0).map((number): AuditEntry => ({
    number, at: new Date(Date.now() - (241 - number) * 600_000).toISOString(), actor: number % 3 === 0 ? null : "olga.sergeeva@ministry.example",
    act: acts[number % acts.length]!, target: `place-${number % 40}`, detail: number % 6 === 1 ? { reason: "Проверьте адрес и точку на карте" } : null,
  }));
  return { entries, next: before > 50 ? String(before - 50) : null };
}
