import "../../src/state/start.js";
import "./words.js";
import "./partner_page.js";
