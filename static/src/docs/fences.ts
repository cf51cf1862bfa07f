/** The fenced blocks of a guide: what the tests run, and what they compare in both languages. */
export interface Fence {
  readonly kind: string;
  /** The word after the kind: of `example` the page's name. */
  readonly about: string;
  readonly text: string;
  /** The line of its opening fence, counted from 1. */
  readonly line: number;
}

export function fences(guide: string): Fence[] {
  const found: Fence[] = [];
  let open: { kind: string; about: string; line: number; text: string[] } | null = null;
  for (const [index, line] of guide.split("\n").entries()) {
    const fence = /^```(\w*)\s*(\S*)$/.exec(line);
    if (open === null) {
      if (fence !== null) open = { kind: fence[1] ?? "", about: fence[2] ?? "", line: index + 1, text: [] };
    } else if (line === "```") {
      found.push({ ...open, text: open.text.join("\n") });
      open = null;
    } else open.text.push(line);
  }
  if (open !== null) throw new Error(`the fence of line ${open.line} is not closed`);
  return found;
}

/** Whether `answer` is as a guide shows it: what is shown has to be there; `"…"` is anything, and at an array's end any more. */
export function fits(shown: unknown, answer: unknown): boolean {
  if (shown === "…") return answer !== undefined;
  if (typeof shown === "string" && shown.includes("…")) return typeof answer === "string" && lineFits(shown, answer);
  if (Array.isArray(shown)) {
    if (!Array.isArray(answer)) return false;
    const open = shown.length > 1 && shown.at(-1) === "…" && answer.length !== shown.length;
    const items = open ? shown.slice(0, -1) : shown;
    return (open ? answer.length >= items.length : answer.length === items.length) && items.every((item, i) => fits(item, answer[i]));
  }
  if (typeof shown === "object" && shown !== null) {
    return typeof answer === "object" && answer !== null
      && Object.entries(shown).every(([key, value]) => key in answer && fits(value, (answer as Record<string, unknown>)[key]));
  }
  return shown === answer;
}

/** Whether lines are as a guide shows them: a line `…` is any number of lines, within a line it is any text. */
export function linesFit(shown: string, said: string): boolean {
  const [wanted, lines] = [shown.trimEnd().split("\n"), said.trimEnd().split("\n")];
  const from = (i: number, j: number): boolean => {
    if (i === wanted.length) return j === lines.length;
    if (wanted[i] === "…") return from(i + 1, j) || (j < lines.length && from(i, j + 1));
    return j < lines.length && lineFits(wanted[i]!, lines[j]!) && from(i + 1, j + 1);
  };
  return from(0, 0);
}

function lineFits(shown: string, said: string): boolean {
  const parts = shown.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`).test(said);
}
