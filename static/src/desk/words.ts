/** The words of signing in and of the organisation, for the pages that need them alone. */
import { deskEn } from "../i18n/desk_en.js";
import { deskRu } from "../i18n/desk_ru.js";
import { addWords } from "../i18n/index.js";

addWords({ ru: deskRu, en: deskEn });
