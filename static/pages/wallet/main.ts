import "../../src/i18n/wallet_words.js";
import "../../src/state/start.js";
import "./wallet_page.js";
import { registerServiceWorker } from "../../src/offline/register.js";

registerServiceWorker();
