export type ShareEnd = "shared" | "copied" | "failed";

/**
 * Hands a link on: by the system's own sheet where there is one, or else by the clipboard. A sheet that the person
 * closes again has done its work.
 */
export async function share(title: string, url: string): Promise<ShareEnd> {
  if (typeof navigator.share === "function") {
    try {
      await navigator.share({ title, url });
      return "shared";
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return "shared";
    }
  }
  try {
    await navigator.clipboard.writeText(url);
    return "copied";
  } catch {
    return "failed";
  }
}
