/** The fake desk's opinion of what was typed. */
import type { CheckAnswer, Content, FieldProblem, Profile } from "../api/desk_types.js";
import type { DayHours } from "../api/types.js";
import { DAYS, readHours, type HoursRow } from "../desk/hours_form.js";
import { bare, taxFaults } from "../desk/tax_number.js";

const reject = (field: string, code: string, detail: string): FieldProblem => ({ field, severity: "reject", code, detail });
const warn = (field: string, code: string, detail: string): FieldProblem => ({ field, severity: "warning", code, detail });

export function checkPartner(profile: Profile): FieldProblem[] {
  const problems = Object.entries(taxFaults(profile)).map(([field, fault]) => reject(field, `tax-${fault}`, `Проверьте цифры: ${field.toUpperCase()} с такими не бывает`));
  if (!bare(profile.inn)) problems.push(reject("inn", "inn-missing", "Нужен ИНН"));
  if (!profile.name) problems.push(reject("name", "name-missing", "Как называется организация?"));
  return problems;
}

export function checkLocation(content: Content): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!content.name) problems.push(reject("name", "name-missing", "Нужно название"));
  if (!content.category) problems.push(warn("category", "category-other", "Категория не выбрана: место попадёт в «Другое»"));
  if (!content.benefits?.length) problems.push(reject("benefits", "benefits-missing", "Напишите, что получает семья"));
  content.benefits?.forEach((benefit, index) => {
    if (benefit.kind === "percent" && ((benefit.value ?? 0) <= 0 || (benefit.value ?? 0) > 100)) problems.push(reject(`benefits[${index}].value`, "percent-range", "Скидка бывает от 1 до 100 %"));
  });
  if (!content.address) problems.push(reject("address", "address-missing", "Нужен адрес"));
  if (content.lon == null || content.lat == null) problems.push(reject("lon", "position-missing", "Поставьте точку на карте"));
  else if (Math.hypot(content.lon - 41.97, content.lat - 45.04) > 0.5) problems.push(warn("lon", "pin-far-from-settlement", "Точка стоит далеко от населённого пункта из адреса"));
  if (!content.opening_hours && content.hours_unknown !== true) problems.push(reject("opening_hours", "hours-missing", "Укажите часы или отметьте, что их не знаете"));
  if (content.phone && bare(content.phone).replaceAll(/\D/g, "").length < 11) problems.push(reject("phone", "phone", "В номере не хватает цифр"));
  return problems;
}

export function understand({ location, partner }: { location?: Content; partner?: Profile }): CheckAnswer {
  const problems = [...(partner === undefined ? [] : checkPartner(partner)), ...(location === undefined ? [] : checkLocation(location))];
  let opening = location?.opening_hours ?? null;
  if (opening !== null && /^пн-пт с 9 до 18/.test(opening)) opening = "Mo-Fr 09:00-18:00";
  const rows = opening === null ? null : readHours(opening);
  if (opening !== null && rows === null) problems.push(reject("opening_hours", "hours", "Не получилось понять эти часы"));
  return {
    problems,
    understood: {
      phone: location?.phone ?? null, phone_display: location?.phone ? "+7 (8652) 12-34-56" : null, phone_ext: null, opening_hours: rows === null ? null : opening,
      time_zone: "Europe/Moscow", settlement: location?.lon == null ? null : { name: "Ставрополь", distance_m: 900 }, hours_week: rows === null ? null : week(rows),
    },
  };
}

function week(rows: readonly HoursRow[]): DayHours[] {
  const monday = Date.UTC(2026, 10, 30);
  return DAYS.slice(0, 7).map((weekday, index) => {
    const row = rows.find(({ days }) => days.includes(weekday));
    const date = new Date(monday + index * 86_400_000).toISOString().slice(0, 10);
    if (row === undefined || row.kind === "closed") return { date, weekday, holiday: false, intervals: [] };
    if (row.kind === "all_day") return { date, weekday, holiday: false, intervals: [{ from: "00:00", to: "24:00" }] };
    const { from, to, pause } = row;
    return { date, weekday, holiday: false, intervals: pause === null ? [{ from, to }] : [{ from, to: pause.from }, { from: pause.to, to }], ...(row.groups_only ? { comment: "только группы" } : {}) };
  });
}
