/** What can be seen of a picture's file before it is sent. The server looks again, and closer. */
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"];
export const PHOTO_MOST_BYTES = 8 * 1024 * 1024;

export function photoFault({ type, size }: { readonly type: string; readonly size: number }): "bad_type" | "too_large" | null {
  if (!PHOTO_TYPES.includes(type)) return "bad_type";
  return size > PHOTO_MOST_BYTES ? "too_large" : null;
}

export const BULK_MOST_BYTES = 16 * 1024 * 1024;

/** By its name: browsers disagree on the types of tables. */
export function bulkFault({ name, size }: { readonly name: string; readonly size: number }): "bad_type" | "too_large" | null {
  if (!/\.(csv|txt|xlsx)$/i.test(name)) return "bad_type";
  return size > BULK_MOST_BYTES ? "too_large" : null;
}
