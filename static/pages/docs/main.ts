import "../../src/state/start.js";
import "./docs_page.js";
