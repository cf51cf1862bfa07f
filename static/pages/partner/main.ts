import "../../src/state/start.js";
import "./partner_page.js";
