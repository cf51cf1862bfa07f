import "../../src/scan/take_fragment.js";
import "../../src/state/start.js";
import "./q_page.js";
import { registerServiceWorker } from "../../src/offline/register.js";

registerServiceWorker();
