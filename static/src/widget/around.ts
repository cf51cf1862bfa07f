/** The page around the frame: what it says, and what it is told. */
import type { Filters } from "../ui/filter_bar.js";
import { readOptions } from "./options.js";
import { readMessage, type FromFrame } from "./messages.js";

export interface AroundHost {
  choose(id: string | null): void;
  filter(filters: Filters): void;
}

export class Around {
  /** Where from the parent has said hello; null: never, and all it learns is a height. */
  #origin: string | null = null;
  #kept: FromFrame[] = [];
  readonly #host: AroundHost;

  constructor(host: AroundHost) {
    this.#host = host;
    if (parent !== window) addEventListener("message", this.#heard);
  }

  stop(): void {
    removeEventListener("message", this.#heard);
  }

  tell(message: FromFrame): void {
    if (parent === window) return;
    if (message.ryadom === "height") return parent.postMessage(message, "*"); // a number that says nothing of anybody
    if (this.#origin !== null) return parent.postMessage(message, this.#origin);
    this.#kept = [...this.#kept.filter(({ ryadom }) => ryadom !== message.ryadom), message];
  }

  #heard = ({ source, origin, data }: MessageEvent): void => {
    if (source !== parent || (this.#origin !== null && origin !== this.#origin)) return;
    const said = readMessage(data);
    if (said?.ryadom === "hello" && origin !== "null") {
      this.#origin = origin;
      for (const message of this.#kept.splice(0)) this.tell(message);
    }
    if (said?.ryadom === "choose" && (said["id"] === null || typeof said["id"] === "string")) this.#host.choose(said["id"]);
    if (said?.ryadom === "filter") {
      const text = (name: string): string | null => (typeof said[name] === "string" ? said[name] : null);
      const { categories, openNow, free } = readOptions(text);
      this.#host.filter({ categories, openNow, free });
    }
  };
}
