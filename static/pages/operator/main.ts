import "../../src/i18n/operator_words.js";
import "../../src/state/start.js";
import "./operator_page.js";
