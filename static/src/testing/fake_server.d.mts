export function start(port?: number): Promise<{ url: string; close(): void }>;
