/**
 * What a paired terminal keeps on its device: the token, what it knows of itself (so that the page opens without a
 * connection), and the cashier's settings. Storage may be forbidden: then the pairing lasts as long as the page.
 */
import type { Terminal } from "../api/verify_client.js";

const TERMINAL = "ryadom.scan.terminal";
const SETTINGS = "ryadom.scan.settings";

export interface KeptTerminal extends Terminal {
  readonly token: string;
}

export interface Settings {
  /** The verdict stays until it is tapped. */
  readonly hold: boolean;
  readonly sound: boolean;
  /** The camera was on last time: open it again. */
  readonly camera: boolean;
}

const DEFAULTS: Settings = { hold: false, sound: true, camera: false };

export function keptTerminal(): KeptTerminal | null {
  const kept = read(TERMINAL) as Partial<KeptTerminal> | null;
  if (typeof kept?.token !== "string" || typeof kept.terminal?.number !== "string" || typeof kept.location?.name !== "string") return null;
  return { ...kept, benefits: Array.isArray(kept.benefits) ? kept.benefits : [] } as KeptTerminal;
}

export function keepTerminal(terminal: KeptTerminal | null): void {
  write(TERMINAL, terminal);
}

export function keptSettings(): Settings {
  const kept = read(SETTINGS) as Partial<Settings> | null;
  const flag = (name: keyof Settings): boolean => (typeof kept?.[name] === "boolean" ? kept[name] : DEFAULTS[name]);
  return { hold: flag("hold"), sound: flag("sound"), camera: flag("camera") };
}

export function keepSettings(settings: Settings): void {
  write(SETTINGS, settings);
}

function read(key: string): object | null {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? "null") as unknown;
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function write(key: string, value: object | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // see above
  }
}
