/**
 * A camera sees one code thirty times. It is news once; while it stays in view, and a moment after (hands shake), it is
 * not. Taken away and shown again, it is news again.
 */
const FORGET_MS = 2500;

export class Recent {
  #text = "";
  #seen_ms = -Infinity;

  isNews(text: string, at_ms: number): boolean {
    const news = text !== this.#text || at_ms - this.#seen_ms > FORGET_MS;
    if (!news) this.#seen_ms = at_ms;
    return news;
  }

  took(text: string, at_ms: number): void {
    this.#text = text;
    this.#seen_ms = at_ms;
  }
}
