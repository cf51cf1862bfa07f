/**
 * The balancer of a deployment in small: https for localhost before the service, which itself speaks plain http and is
 * told with RYADOM_PUBLIC_URL where visitors find it. The certificate is made for the run by openssl, and nobody is told
 * to trust everything: the browser takes this one key, `fetch` this one certificate.
 */
import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, fetch as fetchWith } from "undici";
import { startService, type Service } from "./harness.js";

export interface Deployment extends Service {
  /** As `fetch`, with trust in the certificate of this deployment. */
  readonly fetch: typeof fetch;
  /** The service's own address, past the balancer. */
  readonly inside: string;
  /** For `startBrowser`: trust in this key. Also for service workers, which `ignoreHTTPSErrors` does not help. */
  readonly browser_trust: string;
}

/** Starts the binary behind https. It must be RYADOM_BIN: a running service at RYADOM_URL has a public URL already. */
export async function startDeployment(settings: Readonly<Record<string, string>> = {}): Promise<Deployment> {
  if (process.env["RYADOM_URL"] !== undefined) throw new Error("these tests start the service themselves: set RYADOM_BIN, not RYADOM_URL");
  const { key, cert } = certificate();
  let inside: string | null = null;
  const balancer = createServer({ key, cert }, (asked, answer) => {
    if (inside === null) answer.writeHead(503).end();
    else forward(inside, asked, answer);
  });
  await new Promise<void>((resolve) => balancer.listen(0, "127.0.0.1", resolve));
  const url = `https://localhost:${(balancer.address() as AddressInfo).port}`;
  const service = await startService({ RYADOM_PUBLIC_URL: url, ...settings });
  inside = service.url;
  const dispatcher = new Agent({ connect: { ca: cert } });
  const spki = createHash("sha256").update(new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" })).digest("base64");
  return {
    ...service, url, inside,
    fetch: ((input: string, init: object = {}) => fetchWith(input, { ...init, dispatcher })) as unknown as typeof fetch,
    browser_trust: `--ignore-certificate-errors-spki-list=${spki}`,
    stop: async () => {
      await dispatcher.close();
      balancer.closeAllConnections();
      await new Promise((resolve) => balancer.close(resolve));
      await service.stop();
    },
  };
}

function forward(inside: string, asked: IncomingMessage, answer: ServerResponse): void {
  const onward = request(new URL(asked.url ?? "/", inside), { method: asked.method, headers: asked.headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(answer);
  });
  onward.on("error", () => { if (!answer.headersSent) answer.writeHead(502); answer.end(); });
  answer.on("close", () => onward.destroy()); // a stream of changes ends with its reader
  asked.pipe(onward);
}

function certificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const directory = mkdtempSync(join(tmpdir(), "ryadom-tls-"));
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  try {
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert], { stdio: "pipe" });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
