/** What changed within a text, word by word. */
export interface Part {
  readonly kind: "same" | "ins" | "del";
  readonly text: string;
}

/** Beyond this many pairs of words the texts stand side by side as they are. */
const MOST_PAIRS = 1_000_000;

/**
 * The parts of both texts in reading order: what went, then what came in its place.
 *
 * # Shape
 * The same and deleted parts joined are `before`, the same and inserted ones `after`.
 */
export function diffText(before: string, after: string): readonly Part[] {
  if (before === after) return before === "" ? [] : [{ kind: "same", text: before }];
  const [a, b] = [wordsOf(before), wordsOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const parts: Part[] = a.slice(0, head).map((text) => ({ kind: "same", text }));
  parts.push(...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)));
  parts.push(...a.slice(a.length - tail).map((text): Part => ({ kind: "same", text })));
  return joined(parts);
}

/** Whether enough stayed the same for the parts to read better than two texts. */
export function isReadable(parts: readonly Part[]): boolean {
  const length = (kind: Part["kind"]): number => parts.filter((part) => part.kind === kind).reduce((sum, { text }) => sum + text.trim().length, 0);
  return length("same") >= 0.4 * Math.max(length("ins"), length("del"));
}

/** Words, and what stands between them. */
function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];
}

/** The longest common run of words, by the table of lengths. */
function middle(a: readonly string[], b: readonly string[]): Part[] {
  if (a.length * b.length > MOST_PAIRS) return [{ kind: "del", text: a.join("") }, { kind: "ins", text: b.join("") }];
  const width = b.length + 1;
  const length = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      length[i * width + j] = a[i] === b[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const parts: Part[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push({ kind: "same", text: a[i]! });
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || length[(i + 1) * width + j]! >= length[i * width + j + 1]!)) {
      parts.push({ kind: "del", text: a[i++]! });
    } else parts.push({ kind: "ins", text: b[j++]! });
  }
  return parts;
}

/** One part per stretch; a lone blank between two changes belongs to them, and what went stands before what came. */
function joined(parts: readonly Part[]): Part[] {
  const out: Part[] = [];
  let [del, ins] = ["", ""];
  const flush = (): void => {
    if (del !== "") out.push({ kind: "del", text: del });
    if (ins !== "") out.push({ kind: "ins", text: ins });
    [del, ins] = ["", ""];
  };
  parts.forEach(({ kind, text }, index) => {
    if (kind === "del") del += text;
    else if (kind === "ins") ins += text;
    else if (del + ins !== "" && text.trim() === "" && (parts[index + 1]?.kind ?? "same") !== "same") {
      del += text;
      ins += text;
    } else {
      flush();
      const last = out.at(-1);
      if (last?.kind === "same") out[out.length - 1] = { kind: "same", text: last.text + text };
      else out.push({ kind: "same", text });
    }
  });
  flush();
  return out;
}
