import { LitElement } from "lit";

class TillsTab extends LitElement {}

customElements.define("ry-tills-tab", TillsTab);
