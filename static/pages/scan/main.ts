import "../../src/state/start.js";
import "./scan_page.js";
import { registerServiceWorker } from "../../src/offline/register.js";

registerServiceWorker();
