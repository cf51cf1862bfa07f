/** Events of the cabinet's parts to the page around them. */
import type { CabinetAddress } from "./cabinet_address.js";

/** Read aloud by screen readers and shown for a moment. */
export function say(from: EventTarget, words: string): void {
  from.dispatchEvent(new CustomEvent("say", { detail: words, bubbles: true, composed: true }));
}

export function goTo(from: EventTarget, address: CabinetAddress, replace = false): void {
  from.dispatchEvent(new CustomEvent("go", { detail: { address, replace }, bubbles: true, composed: true }));
}

/** A request was refused because nobody is signed in any more. */
export function signedOut(from: EventTarget): void {
  from.dispatchEvent(new CustomEvent("signed-out", { bubbles: true, composed: true }));
}
