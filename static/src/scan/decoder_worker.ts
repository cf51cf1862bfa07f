/// <reference types="vite/client" />
/** Reads codes out of pictures away from the page's own thread: on a weak phone one takes a tenth of a second. */
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
// From our own host; by itself the library would fetch it from elsewhere.
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

export interface Asked {
  readonly id: number;
  readonly image: ImageData;
  /** A still picture is worth more time than a frame of thirty. */
  readonly thorough: boolean;
}

export interface Answered {
  readonly id: number;
  /** null: the reader itself did not start. */
  readonly texts: readonly string[] | null;
}

const scope = self as unknown as { onmessage: ((event: MessageEvent<Asked>) => void) | null; postMessage(message: Answered): void };

prepareZXingModule({ overrides: { locateFile: () => new URL(wasm, location.origin).href } });

scope.onmessage = async ({ data: { id, image, thorough } }) => {
  try {
    const found = await readBarcodes(image, {
      formats: ["QRCode"], maxNumberOfSymbols: 4, textMode: "Plain", tryHarder: true, tryInvert: true, tryRotate: thorough, tryDenoise: thorough,
    });
    scope.postMessage({ id, texts: found.filter(({ isValid }) => isValid).map(({ text }) => text) });
  } catch {
    scope.postMessage({ id, texts: null });
  }
};
