/** Imported by the page of the till, and of what a stock camera opens, and by what is tested of it: its words join the others. */
import { addWords } from "./index.js";
import { scanEn } from "./scan_en.js";
import { scanRu } from "./scan_ru.js";

addWords({ ru: scanRu, en: scanEn });
