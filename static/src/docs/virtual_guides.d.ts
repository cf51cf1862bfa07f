/** What src/build/guides.ts puts in. */
declare module "virtual:ryadom-guides" {
  export const guides: Readonly<Record<"ru" | "en", readonly { readonly name: string; readonly title: string; readonly summary: string }[]>>;
}
