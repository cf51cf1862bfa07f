import "../../src/scan/take_fragment.js";
import "../../src/i18n/scan_words.js";
import "../../src/state/start.js";
import "./q_page.js";
import { registerServiceWorker } from "../../src/offline/register.js";

registerServiceWorker();
