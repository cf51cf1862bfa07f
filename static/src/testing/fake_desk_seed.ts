/** States of the fake desk to look at. */
import type { Content } from "../api/desk_types.js";
import type { FakeDesk } from "./fake_desk.js";
import { add, publish, reject } from "./fake_desk_locations.js";

const PROFILE = { name: "Музей «Память»", legal_name: "ООО «Память»", inn: "7707083893", ogrn: "1027700132195", kpp: "773601001", contact_person: "Анна Иванова", contact_email: "anna@example.org", contact_phone: "+78652123456" };

export const SAMPLE: Content = {
  name: "Музей «Память»", category: "museum", lon: 41.9634, lat: 45.0362, address: "Ставрополь, ул. Дзержинского, 135",
  opening_hours: "Mo-Fr 09:00-13:00,14:00-18:00; Sa 10:00-16:00; Su off", phone: "+78652123456", wheelchair: "limited",
  benefits: [{ title: "Скидка 50 % на билеты", kind: "percent", value: 50, terms: "Для каждого члена семьи" }],
};

/** `empty`: signed in, no organisation; `organisation`: no locations; `full`: a location in every state; else signed out. */
export function seed(desk: FakeDesk, name: string): void {
  if (!["empty", "organisation", "full"].includes(name)) return;
  desk.signIn();
  if (name === "empty") return;
  desk.partner = { id: "p-1", etag: '"p0"', profile: PROFILE, state: name === "full" ? "published" : "pending", locations: 0, problems: [], managers: [{ id: "a-1", email: "anna@example.org" }, { id: "a-2", email: "boris@example.org" }] };
  if (name === "organisation") return;
  const { shelf } = desk;
  const named = (title: string, more: Content = {}): Content => ({ ...SAMPLE, name: title, ...more });
  publish(shelf, add(shelf, named("Музей на Дзержинского"), "pending").id);
  reject(shelf, add(shelf, named("Музейное кафе", { category: "cafe" }), "pending").id, "Уточните адрес: такого дома на улице нет. И напишите, действует ли скидка на напитки.");
  add(shelf, named("Музей в Михайловске"), "pending");
  add(shelf, { name: "Музейная лавка" });
  const waiting = add(shelf, named("Выставочный зал"), "pending");
  publish(shelf, waiting.id);
  const published = shelf.documents.get(waiting.id)!;
  const changed = { ...published.content, phone: "+78652654321", opening_hours: "Mo-Su 10:00-20:00" };
  shelf.documents.set(waiting.id, {
    ...published, content: changed, revision: { id: "r-w", state: "pending", version: 2, content: changed, problems: [], reason: null, notes: [], submitted_at: "2026-11-27T10:00:00Z", updated_at: "2026-11-27T10:00:00Z" },
  });
  const closed = add(shelf, named("Филиал в парке"), "pending");
  publish(shelf, closed.id);
  shelf.documents.set(closed.id, { ...shelf.documents.get(closed.id)!, state: "suspended", on_map: false });
}
