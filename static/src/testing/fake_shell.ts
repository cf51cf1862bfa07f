import type { WebApp } from "../wallet/max_bridge.js";

/** MAX's bridge without MAX: writes down what was called; its scanner reads what it is given. */
export function fakeWebApp(read: unknown = null): WebApp & { readonly calls: string[] } {
  const calls: string[] = [];
  const note = (name: string): Promise<void> => {
    calls.push(name);
    return Promise.resolve();
  };
  return {
    calls,
    ready: () => note("ready"),
    requestScreenMaxBrightness: () => note("brightest"),
    restoreScreenBrightness: () => note("usual"),
    ScreenCapture: { disableScreenCapture: () => note("block"), enableScreenCapture: () => note("allow") },
    openCodeReader: async () => {
      await note("read");
      if (read instanceof Error) throw read;
      return read;
    },
  };
}
