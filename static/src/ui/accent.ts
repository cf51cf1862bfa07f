/**
 * A stranger's colour as the tokens of tokens.css. Text keeps 4.5:1 on our grounds: the colour goes towards the ink
 * until it does, so a pale yellow is darker in our words than on the site.
 */
type Rgb = readonly [number, number, number];

const GROUNDS = { light: ["#ffffff", "#f6f4ef"], dark: ["#121614", "#1b211e"] } as const;
const INK = { light: "#000000", dark: "#ffffff" } as const;

/** Rules for `root`, in both themes. */
export function accentRules(hex: string, root: string): string {
  return `${root}{${declarations(hex, "light")}}
    ${root}[data-theme="dark"]{${declarations(hex, "dark")}}
    @media (prefers-color-scheme:dark){${root}:not([data-theme="light"]){${declarations(hex, "dark")}}}`;
}

export function accentTokens(hex: string, theme: "light" | "dark"): Readonly<Record<"brand" | "brand-ink" | "brand-soft" | "brand-deep", string>> {
  const grounds = GROUNDS[theme].map(rgbOf);
  const soft = mixed(rgbOf(hex), grounds[0]!, 0.86);
  const readable = (colour: Rgb, on: readonly Rgb[]): Rgb => {
    for (let part = 0; part < 1; part += 0.04) {
      const tried = mixed(colour, rgbOf(INK[theme]), part);
      if (on.every((ground) => contrast(tried, ground) >= 4.6)) return tried;
    }
    return rgbOf(INK[theme]);
  };
  const brand = readable(rgbOf(hex), grounds);
  const ink = contrast(brand, [255, 255, 255]) >= contrast(brand, [0, 0, 0]) ? "#ffffff" : "#000000";
  return { brand: hexOf(brand), "brand-ink": ink, "brand-soft": hexOf(soft), "brand-deep": hexOf(readable(brand, [...grounds, soft])) };
}

/** WCAG 2.2, contrast ratio. */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

export function rgbOf(hex: string): Rgb {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

function declarations(hex: string, theme: "light" | "dark"): string {
  return Object.entries(accentTokens(hex, theme)).map(([name, value]) => `--${name}:${value}`).join(";");
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function mixed(a: Rgb, b: Rgb, part: number): Rgb {
  return a.map((value, index) => Math.round(value + (b[index]! - value) * part)) as unknown as Rgb;
}

function hexOf(colour: Rgb): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
