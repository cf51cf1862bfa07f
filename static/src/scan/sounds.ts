/**
 * The sounds of the verdicts, made on the spot: short, and distinct by their shape alone, because a till is loud and an
 * ear does not compare pitches. Two rising notes: yes. One blip: show a new code. Two falling: no. One low: nobody knows.
 */
import type { Tone } from "./verdict.js";

export interface Note {
  readonly hz: number;
  readonly at_s: number;
  readonly lasts_s: number;
}

export const NOTES: Readonly<Record<Tone, readonly Note[]>> = {
  yes: [{ hz: 660, at_s: 0, lasts_s: 0.11 }, { hz: 990, at_s: 0.12, lasts_s: 0.2 }],
  again: [{ hz: 620, at_s: 0, lasts_s: 0.14 }],
  no: [{ hz: 440, at_s: 0, lasts_s: 0.18 }, { hz: 277, at_s: 0.2, lasts_s: 0.34 }],
  unsure: [{ hz: 185, at_s: 0, lasts_s: 0.45 }],
};

/** For a pocket or a loud hall, in milliseconds of on and off. */
export const SHAKES: Readonly<Record<Tone, readonly number[]>> = {
  yes: [60], again: [60, 80, 60], no: [260, 90, 260], unsure: [420],
};

const LOUD = 0.35;
let context: AudioContext | null = null;

/** Browsers let a page sound only after it was touched; to be called at a touch or a key. */
export function allowSound(): void {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume().catch(() => {});
  } catch {
    context = null; // no audio device
  }
}

export function sound(tone: Tone): void {
  if (context === null || context.state !== "running") return;
  const begin_s = context.currentTime + 0.01;
  for (const { hz, at_s, lasts_s } of NOTES[tone]) {
    const oscillator = new OscillatorNode(context, { type: tone === "yes" ? "sine" : "triangle", frequency: hz });
    const gain = new GainNode(context, { gain: 0 });
    const from = begin_s + at_s;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(LOUD, from + 0.01); // without ramps it clicks
    gain.gain.setValueAtTime(LOUD, from + lasts_s - 0.03);
    gain.gain.linearRampToValueAtTime(0, from + lasts_s);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(from + lasts_s);
  }
}

export function shake(tone: Tone): void {
  if (navigator.userActivation?.hasBeenActive !== true) return; // refused otherwise, with a warning in the console
  navigator.vibrate?.([...SHAKES[tone]]);
}
