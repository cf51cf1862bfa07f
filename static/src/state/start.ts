/** First import of every page: the theme and the language stand before anything is drawn. */
import { isLanguage, setLanguage } from "../i18n/index.js";
import { applyTheme } from "../ui/theme.js";
import { rememberedLanguage } from "./remembered.js";

applyTheme();
const asked = new URLSearchParams(location.search).get("lang");
setLanguage(isLanguage(asked) ? asked : (rememberedLanguage() ?? "ru"));
