// Invented places around Stavropol for the fake server: enough kinds of benefit, hours and gaps to show every state
// of the pages. Days are numbered as JavaScript does, Sunday 0.
const daily = (from, to) => Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((day) => [day, [{ from, to }]]));
const workdays = (from, to) => Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, [{ from, to }]]));

const ROWS = [
  ["museum", "Демо-музей № 1", "Скидка 50 % на билеты", "percent", 50, 41.963387, 45.036169, { ...daily("10:00", "18:00"), 1: [], 2: [] }],
  ["kids_shop", "Демо-магазин «Детская полка» № 3", "Скидка 7 % по будням", "percent", 7, 41.9702, 45.0401, daily("09:00", "21:00")],
  ["cafe", "Демо-кафе «Семейный стол» № 5", "Детское меню в подарок к любому взрослому блюду, кроме напитков и десертов", "gift", null, 41.9588, 45.0299, daily("11:00", "02:00")],
  ["pharmacy", "Демо-аптека № 7", "Скидка 5 %", "percent", 5, 41.9671, 45.0322, daily("00:00", "24:00")],
  ["library", "Демо-библиотека № 8", "Бесплатная запись для всей семьи", "free", null, 41.9743, 45.0266, workdays("09:00", "19:00")],
  ["theatre", "Демо-театр кукол № 9", "Билет за 100 ₽", "price", 100, 41.9811, 45.0455, { 5: [{ from: "17:00", to: "20:00" }], 6: [{ from: "10:00", to: "20:00" }], 0: [{ from: "10:00", to: "18:00" }] }],
  ["sport", "Демо-бассейн № 10", "Скидка 300 ₽ на абонемент", "fixed", 300, 41.9402, 45.0512, daily("07:00", "22:00")],
  ["health", "Демо-клиника № 11", "Бесплатный осмотр детского врача", "free", null, 41.9517, 45.0189, { ...workdays("08:00", "12:00"), 3: [{ from: "08:00", to: "12:00" }, { from: "13:00", to: "19:00" }] }],
  ["grocery", "Демо-продукты № 12", null, null, null, 41.9655, 45.0367, daily("08:00", "23:00")],
  ["service", "Демо-парикмахерская № 13", "Детская стрижка за полцены", "percent", 50, 41.9299, 45.0433, null],
  ["leisure", "Демо-парк № 14", "Бесплатный вход по выходным", "free", null, 41.9456, 45.0388, daily("00:00", "24:00")],
  ["education", "Демо-кружок робототехники № 15", "Первый месяц бесплатно", "free", null, 41.9901, 45.0211, { 2: [{ from: "15:00", to: "20:00" }], 4: [{ from: "15:00", to: "20:00" }] }],
  ["cinema", "Демо-кинотеатр № 16", "Скидка 20 %", "percent", 20, 41.9577, 45.0477, daily("09:00", "01:00")],
  ["shop", "Демо-магазин бытовой техники с очень длинным названием, которое не помещается в строку, № 17", "Скидка 3 %", "percent", 3, 41.9122, 45.0199, daily("10:00", "20:00")],
  ["hotel", "Демо-санаторий № 18", "Дети до семи лет живут бесплатно", "free", null, 42.7206, 43.9058, daily("00:00", "24:00")],
  ["education", "Демо-студия танца № 20", "Пробное занятие бесплатно", "free", null, 41.9901, 45.0211, { 1: [{ from: "15:00", to: "20:00" }] }], // in one house with № 15
  ["transport", "Демо-автобус № 19", "Проезд за полцены", "percent", 50, 41.9733, 45.0334, daily("06:00", "23:00")],
];

const TIMES = 4; // the same again a little further out, so that there is more than one page

export const PLACES = Array.from({ length: TIMES }, (_, round) => ROWS.map((row, index) => {
  const [category, name, benefit, benefit_kind, benefit_value, lon, lat, hours] = row;
  const number = String(round * ROWS.length + index + 1).padStart(3, "0");
  const phone = index % 5 === 4 ? null : `+7865200${number.padStart(4, "0")}`;
  return {
    id: `demo-${number}`, category, benefit, benefit_kind, benefit_value, hours, phone,
    name: round === 0 ? name : `${name}, филиал ${round}`,
    lon: Number((lon + round * 0.0131).toFixed(6)), lat: Number((lat + round * 0.0093).toFixed(6)),
    address: index % 6 === 5 ? null : `Ставрополь, Демонстрационная улица, ${index * 7 + round + 1}`,
    site: index % 3 === 0 ? "https://example.org/" : null,
    wheelchair: ["yes", "limited", "no", null][index % 4],
    last_confirmed: index % 7 === 6 ? null : "2026-10-01",
    terms: index % 2 === 0 ? "По карте многодетной семьи одного из родителей. Не суммируется с другими скидками." : null,
  };
})).flat();

export const CATEGORIES = [
  ["museum", "Музеи и выставки", "Museums"], ["theatre", "Театры", "Theatres"], ["cinema", "Кино", "Cinema"],
  ["library", "Библиотеки", "Libraries"], ["sport", "Спорт", "Sport"], ["education", "Учёба и кружки", "Education"],
  ["leisure", "Отдых и парки", "Leisure"], ["kids_shop", "Детские товары", "For children"], ["grocery", "Продукты", "Groceries"],
  ["shop", "Магазины", "Shops"], ["pharmacy", "Аптеки", "Pharmacies"], ["health", "Здоровье", "Health"],
  ["cafe", "Кафе", "Cafés"], ["hotel", "Гостиницы и санатории", "Hotels"], ["transport", "Транспорт", "Transport"],
  ["service", "Услуги", "Services"], ["other", "Другое", "Other"],
].map(([code, ru, en]) => ({ code, ru, en, aliases: [], count: PLACES.filter(({ category }) => category === code).length }));

export const SETTLEMENTS = [
  ["gn-487846", "Ставрополь", "Ставрополь", 41.9642, 45.03442], ["gn-503550", "Пятигорск", "Пятигорск", 43.0594, 44.0486],
  ["gn-523064", "Невинномысск", "Невинномысск", 41.9433, 44.6333], ["x-1", "Лысогорская", "Георгиевский район", 43.2817, 44.1011],
  ["x-2", "Лысогорка", "Ставрополь", 42.05, 45.1], ["x-3", "Красногвардейское", "Красногвардейский район", 41.5203, 45.845],
].map(([id, name, district, lon, lat]) => ({ id, name, district, region: "Ставропольский край", lon, lat }));
