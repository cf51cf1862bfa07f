import { LitElement } from "lit";

class BulkTab extends LitElement {}

customElements.define("ry-bulk-tab", BulkTab);
