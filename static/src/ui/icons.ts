/**
 * Pictures. Categories take theirs from Maki (CC0), drawn for 15 px; the few for controls are our own, 24 px. All are
 * decoration beside words, so all are hidden from screen readers.
 */
import { svg, html, type TemplateResult } from "lit";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";
import bus from "@mapbox/maki/icons/bus.svg?raw";
import cafe from "@mapbox/maki/icons/cafe.svg?raw";
import cinema from "@mapbox/maki/icons/cinema.svg?raw";
import clothing from "@mapbox/maki/icons/clothing-store.svg?raw";
import doctor from "@mapbox/maki/icons/doctor.svg?raw";
import fitness from "@mapbox/maki/icons/soccer.svg?raw";
import grocery from "@mapbox/maki/icons/grocery.svg?raw";
import hairdresser from "@mapbox/maki/icons/hairdresser.svg?raw";
import library from "@mapbox/maki/icons/library.svg?raw";
import lodging from "@mapbox/maki/icons/lodging.svg?raw";
import marker from "@mapbox/maki/icons/marker.svg?raw";
import museum from "@mapbox/maki/icons/museum.svg?raw";
import pharmacy from "@mapbox/maki/icons/pharmacy.svg?raw";
import playground from "@mapbox/maki/icons/playground.svg?raw";
import school from "@mapbox/maki/icons/school.svg?raw";
import shop from "@mapbox/maki/icons/shop.svg?raw";
import theatre from "@mapbox/maki/icons/theatre.svg?raw";

const CATEGORY: Readonly<Record<string, string>> = {
  museum, theatre, cinema, library, sport: fitness, education: school, leisure: playground, kids_shop: clothing,
  grocery, shop, pharmacy, health: doctor, cafe, hotel: lodging, transport: bus, service: hairdresser, other: marker,
};

export function categoryIcon(code: string, size_px = 18): TemplateResult {
  // Only the shapes: the files' own <?xml?> and ids have no place in a page.
  const shapes = (CATEGORY[code] ?? marker).match(/<(path|circle|rect|polygon|ellipse)[^>]*>/g)?.join("") ?? "";
  const clean = shapes.replaceAll(/ id="[^"]*"/g, "");
  return html`<svg viewBox="0 0 15 15" width=${size_px} height=${size_px} aria-hidden="true">${unsafeSVG(clean)}</svg>`;
}

const line = (body: unknown, size_px = 22): TemplateResult => html`<svg
  viewBox="0 0 24 24" width=${size_px} height=${size_px} aria-hidden="true"
  fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</svg>`;

export const icons = {
  locate: () => line(svg`<circle cx="12" cy="12" r="4"/><path d="M12 2v4M12 18v4M2 12h4M18 12h4"/>`),
  search: () => line(svg`<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`),
  close: () => line(svg`<path d="M6 6l12 12M18 6 6 18"/>`),
  plus: () => line(svg`<path d="M12 5v14M5 12h14"/>`),
  minus: () => line(svg`<path d="M5 12h14"/>`),
  back: () => line(svg`<path d="M14.5 5.5 8 12l6.5 6.5"/>`),
  map: () => line(svg`<path d="m3.5 6.5 5.5-2 6 2 5.5-2v13l-5.5 2-6-2-5.5 2ZM9 4.5v13M15 6.5v13"/>`),
  list: () => line(svg`<path d="M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.5M4 12h.5M4 18h.5"/>`),
  share: () => line(svg`<circle cx="6" cy="12" r="2.5"/><circle cx="17.5" cy="5.5" r="2.5"/><circle cx="17.5" cy="18.5" r="2.5"/><path d="m8.3 10.8 7-4M8.3 13.2l7 4"/>`),
  phone: () => line(svg`<path d="M5 3.5h3.2l1.6 4.2-2.1 1.7a12 12 0 0 0 5.9 5.9l1.7-2.1 4.2 1.6V18a2.5 2.5 0 0 1-2.7 2.5A15.5 15.5 0 0 1 2.5 6.2 2.5 2.5 0 0 1 5 3.5Z"/>`),
  site: () => line(svg`<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>`),
  out: () => line(svg`<path d="M8 16 17 7M9.5 7H17v7.5"/>`, 18),
  check: () => line(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`, 18),
  auto: () => line(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17Z" fill="currentColor"/>`),
  light: () => line(svg`<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"/>`),
  dark: () => line(svg`<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z"/>`),
  /** The product's mark. */
  mark: () => html`<svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
    <rect width="32" height="32" rx="9" fill="#0d6e5f"></rect>
    <path d="M16 5.5a8 8 0 0 0-8 8c0 5.6 8 13 8 13s8-7.4 8-13a8 8 0 0 0-8-8Z" fill="#fff"></path>
    <circle cx="16" cy="13.5" r="3.2" fill="#e0692a"></circle></svg>`,
} as const;
