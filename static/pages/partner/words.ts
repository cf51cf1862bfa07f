/** The words of the cabinet, which no other page fetches. */
import { cabinetEn } from "../../src/i18n/cabinet_en.js";
import { cabinetRu } from "../../src/i18n/cabinet_ru.js";
import { addWords } from "../../src/i18n/index.js";
import { locationEn } from "../../src/i18n/location_en.js";
import { locationRu } from "../../src/i18n/location_ru.js";

addWords({ ru: { ...locationRu, ...cabinetRu }, en: { ...locationEn, ...cabinetEn } });
