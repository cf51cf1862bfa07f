import "../../src/state/start.js";
