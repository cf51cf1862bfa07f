/**
 * What the frame and the page around it say to each other. The page checks that it is our origin and its frame; the
 * frame listens to its parent alone, and tells only an origin that has said hello more than its height.
 */
import type { FilterTexts } from "./options.js";

export type FromFrame =
  | { readonly ryadom: "height"; readonly height_px: number }
  | { readonly ryadom: "map"; readonly state: "ready" | "failed" }
  | { readonly ryadom: "select"; readonly id: string | null }
  | { readonly ryadom: "view"; readonly lon: number; readonly lat: number; readonly zoom: number };

export type ToFrame =
  | { readonly ryadom: "hello" }
  | { readonly ryadom: "choose"; readonly id: string | null }
  | ({ readonly ryadom: "filter" } & FilterTexts);

export function readMessage(data: unknown): { readonly ryadom: string; readonly [name: string]: unknown } | null {
  const said = data as { ryadom?: unknown } | null;
  return typeof said === "object" && said !== null && typeof said.ryadom === "string" ? (said as { ryadom: string }) : null;
}
