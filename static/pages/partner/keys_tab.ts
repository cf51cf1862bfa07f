import { LitElement } from "lit";

class KeysTab extends LitElement {}

customElements.define("ry-keys-tab", KeysTab);
