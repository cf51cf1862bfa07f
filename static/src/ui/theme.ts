import { rememberedTheme, rememberTheme, type Theme } from "../state/remembered.js";

/** Puts the remembered theme on the page. `auto` leaves the choice to the system (tokens.css). */
export function applyTheme(theme: Theme = rememberedTheme()): void {
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function nextTheme(): Theme {
  const after = { auto: "light", light: "dark", dark: "auto" } as const;
  const theme = after[rememberedTheme()];
  rememberTheme(theme);
  applyTheme(theme);
  return theme;
}
