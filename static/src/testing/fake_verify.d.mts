export const PAIRING: string;
export const SPOKEN: string;
type Send = (status: number, body: unknown, type?: string, headers?: Record<string, string>) => unknown;
type Refuse = (status: number, title: string, detail: string, headers?: Record<string, string>) => unknown;
export function answerChecks(
  url: URL, request: { readonly headers: Record<string, string> }, body: () => Promise<string>, send: Send, refuse: Refuse,
): Promise<unknown>;
