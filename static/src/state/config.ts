/** What the server writes into the page in place of its marker comment. */
export interface Config {
  readonly demo: boolean;
  readonly version: string;
}

export function readConfig(root: Document = document): Config {
  const text = root.getElementById("ryadom-config")?.textContent;
  try {
    const given = JSON.parse(text ?? "{}") as Partial<Config>;
    return { demo: given.demo === true, version: given.version ?? "" };
  } catch {
    return { demo: false, version: "" };
  }
}
