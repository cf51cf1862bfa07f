/** Keeps the screen on while it is wanted. The system lets go of it whenever the page is left: it is asked for again. */
export class KeepAwake {
  #wanted = false;
  #lock: WakeLockSentinel | null = null;

  set(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) {
      document.addEventListener("visibilitychange", this.#take);
      this.#take();
    } else {
      document.removeEventListener("visibilitychange", this.#take);
      void this.#lock?.release().catch(() => {});
      this.#lock = null;
    }
  }

  readonly #take = (): void => {
    if (!("wakeLock" in navigator) || document.visibilityState !== "visible") return;
    navigator.wakeLock.request("screen").then((lock) => {
      if (this.#wanted) this.#lock = lock;
      else void lock.release().catch(() => {});
    }, () => {}); // low battery, or an old phone: the screen goes dark when it likes
  };
}
