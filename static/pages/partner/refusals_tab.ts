import { LitElement } from "lit";

class RefusalsTab extends LitElement {}

customElements.define("ry-refusals-tab", RefusalsTab);
