/**
 * Texts of the QR codes in a picture: by the browser's own BarcodeDetector where there is one for them, else by
 * zxing-cpp in a worker, which is fetched when it is needed first.
 */
import type { Answered, Asked } from "./decoder_worker.js";

interface BarcodeDetector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
declare const BarcodeDetector: { new (options: { formats: string[] }): BarcodeDetector; getSupportedFormats(): Promise<string[]> } | undefined;

export class DecoderError extends Error {
  override readonly name = "DecoderError";
}

/** Reads one frame of a video. */
export type FrameReader = (video: HTMLVideoElement) => Promise<readonly string[]>;

export async function frameReader(): Promise<FrameReader> {
  try {
    if (typeof BarcodeDetector !== "undefined" && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => (await detector.detect(video)).map(({ rawValue }) => rawValue);
    }
  } catch {
    // announced but not there: some systems lack the part it needs
  }
  const canvas = document.createElement("canvas");
  return async (video) => {
    // The middle square, which is what the page shows.
    const side_px = Math.min(video.videoWidth, video.videoHeight);
    if (side_px === 0) return [];
    const image = pixels(canvas, Math.min(side_px, FRAME_PX), Math.min(side_px, FRAME_PX), (context, width, height) =>
      context.drawImage(video, (video.videoWidth - side_px) / 2, (video.videoHeight - side_px) / 2, side_px, side_px, 0, 0, width, height));
    return read(image, false);
  };
}

/** Enough for the largest of our codes (65 modules) at a third of the frame. */
const FRAME_PX = 720;
const PICTURE_PX = [1600, 800];

/** The codes in a picture from the gallery or the phone's camera. Throws when it is no picture. */
export async function readPicture(file: Blob): Promise<readonly string[]> {
  const bitmap = await createImageBitmap(file);
  try {
    for (const most_px of PICTURE_PX) {
      const scale = Math.min(1, most_px / Math.max(bitmap.width, bitmap.height));
      const image = pixels(document.createElement("canvas"), Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)), (context, width, height) => {
        context.fillStyle = "#fff"; // what is transparent would become black
        context.fillRect(0, 0, width, height);
        context.drawImage(bitmap, 0, 0, width, height);
      });
      const texts = await read(image, true);
      if (texts.length > 0 || scale === 1) return texts;
    }
    return [];
  } finally {
    bitmap.close();
  }
}

function pixels(
  canvas: HTMLCanvasElement, width: number, height: number, draw: (context: CanvasRenderingContext2D, width: number, height: number) => void,
): ImageData {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new DecoderError("no canvas");
  draw(context, width, height);
  return context.getImageData(0, 0, width, height);
}

let worker: Worker | null = null;
let last = 0;
const waiting = new Map<number, { resolve(texts: readonly string[]): void; reject(error: DecoderError): void }>();

function read(image: ImageData, thorough: boolean): Promise<readonly string[]> {
  worker ??= started();
  const id = (last += 1);
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker?.postMessage({ id, image, thorough } satisfies Asked, [image.data.buffer]);
  });
}

function started(): Worker {
  const made = new Worker(new URL("./decoder_worker.ts", import.meta.url), { type: "module", name: "ryadom-decoder" });
  made.onmessage = ({ data: { id, texts } }: MessageEvent<Answered>) => {
    const found = waiting.get(id);
    waiting.delete(id);
    if (texts === null) {
      found?.reject(new DecoderError("the reader did not start"));
      stop();
    } else found?.resolve(texts);
  };
  made.onerror = stop;
  return made;
}

/** Begins anew next time: the file may not have come because there was no connection. */
function stop(): void {
  worker?.terminate();
  worker = null;
  for (const { reject } of waiting.values()) reject(new DecoderError("the reader stopped"));
  waiting.clear();
}
