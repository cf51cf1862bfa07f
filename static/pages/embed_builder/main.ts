import "../../src/state/start.js";
import "./embed_builder.js";
