import "../../src/state/start.js";
import "./map_page.js";
