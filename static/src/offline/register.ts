/** Starts the service worker once the page has nothing better to do. Development does without. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = (): void => {
    if (!navigator.onLine) return addEventListener("online", register, { once: true });
    navigator.serviceWorker.register("/sw.js").catch(() => {}); // a private window may refuse: the page does without
  };
  if (document.readyState === "complete") setTimeout(register, 1000);
  else addEventListener("load", () => setTimeout(register, 1000), { once: true });
}
