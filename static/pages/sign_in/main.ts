import "./take_token.js";
import "../../src/state/start.js";
import "./sign_in_page.js";
