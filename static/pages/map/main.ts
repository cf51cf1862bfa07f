import "../../src/state/start.js";
import "./map_page.js";
import { registerServiceWorker } from "../../src/offline/register.js";

registerServiceWorker();
