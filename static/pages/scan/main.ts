import "../../src/i18n/scan_words.js";
import "../../src/state/start.js";
import "./scan_page.js";
import { registerServiceWorker } from "../../src/offline/register.js";

registerServiceWorker();
