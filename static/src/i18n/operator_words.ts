/** Imported by the page of the operator, and by what is tested of it: its words join the others. */
import { addWords } from "./index.js";
import { operatorEn } from "./operator_en.js";
import { operatorRu } from "./operator_ru.js";

addWords({ ru: operatorRu, en: operatorEn });
