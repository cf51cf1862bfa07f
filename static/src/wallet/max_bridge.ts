/**
 * What the wallet would like of the application around it, and may do without: the brightest screen, no screen
 * captures, a scanner. Inside MAX its bridge gives them (`window.WebApp`); a plain browser has none, and every call
 * then does nothing.
 *
 * The bridge's script is fetched only inside MAX, which shows by `WebAppData` in the fragment or `?max=1`: nobody else
 * needs to tell a third party that they open the wallet.
 */
export interface Shell {
  /** Holds for about 30 s: called again with every code. */
  brightest(): void;
  usualBrightness(): void;
  blockCapture(): void;
  allowCapture(): void;
  /** null: no scanner here. The text of a code, or null when the person closed the scanner. */
  readonly readCode: (() => Promise<string | null>) | null;
}

export const plainShell: Shell = {
  brightest: () => {}, usualBrightness: () => {}, blockCapture: () => {}, allowCapture: () => {}, readCode: null,
};

const SCRIPT = "https://st.max.ru/js/max-web-app.js";
const PATIENCE_MS = 4000;

/** The bridge as far as it is used here; older versions lack members. */
export interface WebApp {
  ready?(): unknown;
  requestScreenMaxBrightness?(): unknown;
  restoreScreenBrightness?(): unknown;
  ScreenCapture?: { disableScreenCapture?(): unknown; enableScreenCapture?(): unknown };
  openCodeReader?(fileSelect?: boolean): Promise<unknown>;
}

export async function findShell(): Promise<Shell> {
  const around = globalThis as { WebApp?: WebApp };
  const inside = location.hash.includes("WebAppData") || new URLSearchParams(location.search).get("max") === "1";
  if (around.WebApp === undefined && inside) await loadBridge();
  return around.WebApp === undefined ? plainShell : shellOf(around.WebApp);
}

export function shellOf(app: WebApp): Shell {
  const { openCodeReader } = app;
  quietly(() => app.ready?.());
  return {
    brightest: () => quietly(() => app.requestScreenMaxBrightness?.()),
    usualBrightness: () => quietly(() => app.restoreScreenBrightness?.()),
    blockCapture: () => quietly(() => app.ScreenCapture?.disableScreenCapture?.()),
    allowCapture: () => quietly(() => app.ScreenCapture?.enableScreenCapture?.()),
    readCode: openCodeReader === undefined ? null : async () => {
      try {
        return textOf(await openCodeReader.call(app, false));
      } catch {
        return null; // closed by the person, or not on this platform
      }
    },
  };
}

/** The documentation says a string, phones in the field give `{ value }`. */
function textOf(answer: unknown): string | null {
  const value = typeof answer === "object" && answer !== null ? (answer as { value?: unknown }).value : answer;
  return typeof value === "string" && value !== "" ? value : null;
}

/** The bridge answers with promises or not at all, and refuses what the platform lacks: none of it matters here. */
function quietly(call: () => unknown): void {
  try {
    Promise.resolve(call()).catch(() => {});
  } catch {
    // as above
  }
}

function loadBridge(): Promise<void> {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = SCRIPT;
    script.async = true;
    script.onload = script.onerror = () => resolve();
    setTimeout(resolve, PATIENCE_MS);
    document.head.append(script);
  });
}
