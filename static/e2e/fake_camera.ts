/**
 * A camera for Chromium that sees a picture: turns a PNG (a screenshot of a wallet, say) into a raw video of one frame,
 * which the browser plays over and over. Without ffmpeg: Y4M is a line of text and three planes of bytes.
 *
 *   const browser = await startBrowserWithCamera(cameraFile(await page.screenshot()));
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { PNG } from "pngjs";
import qrcode from "qrcode-generator";

const WIDTH = 1280;
const HEIGHT = 720;
const GREY = 128; // what a camera sees around a phone

export interface CameraFile {
  readonly path: string;
  /** Another picture, for when the camera is switched on next. */
  show(png: Buffer): void;
  remove(): void;
}

/** The picture in the middle of the frame, as large as it fits. */
export function cameraFile(png: Buffer): CameraFile {
  const directory = mkdtempSync(join(tmpdir(), "ryadom-camera-"));
  const path = join(directory, "camera.y4m");
  const show = (picture: Buffer): void => {
    writeFileSync(`${path}.new`, y4m(PNG.sync.read(picture)));
    renameSync(`${path}.new`, path); // a camera that is on goes on seeing the former
  };
  show(png);
  return { path, show, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** A picture of a text's QR code, for when no wallet is at hand. Capitals, so that the code is as small as ours are. */
export function qrPng(text: string, module_px = 8): Buffer {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const png = new PNG({ width: (size + 8) * module_px, height: (size + 8) * module_px });
  for (let y = 0; y < png.height; y += 1) {
    for (let x = 0; x < png.width; x += 1) {
      const [column, row] = [Math.floor(x / module_px) - 4, Math.floor(y / module_px) - 4];
      const dark = column >= 0 && row >= 0 && column < size && row < size && code.isDark(row, column);
      png.data.set(dark ? [0, 0, 0, 255] : [255, 255, 255, 255], (y * png.width + x) * 4);
    }
  }
  return PNG.sync.write(png);
}

export function startBrowserWithCamera(camera: CameraFile, ...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${camera.path}`, ...more],
  });
}

function y4m(picture: { readonly width: number; readonly height: number; readonly data: Buffer }): Buffer {
  const scale = Math.min((WIDTH * 0.9) / picture.width, (HEIGHT * 0.9) / picture.height);
  const [left, top] = [(WIDTH - picture.width * scale) / 2, (HEIGHT - picture.height * scale) / 2];
  const luma = Buffer.alloc(WIDTH * HEIGHT, GREY);
  const blue = Buffer.alloc((WIDTH / 2) * (HEIGHT / 2), 128);
  const red = Buffer.alloc(blue.length, 128);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const [from_x, from_y] = [Math.floor((x - left) / scale), Math.floor((y - top) / scale)];
      if (from_x < 0 || from_y < 0 || from_x >= picture.width || from_y >= picture.height) continue;
      const at = (from_y * picture.width + from_x) * 4;
      const [r = 0, g = 0, b = 0] = picture.data.subarray(at, at + 3);
      // BT.601 in studio range
      luma[y * WIDTH + x] = Math.round(16 + 0.257 * r + 0.504 * g + 0.098 * b);
      if (x % 2 === 0 && y % 2 === 0) {
        const half = (y / 2) * (WIDTH / 2) + x / 2;
        blue[half] = Math.round(128 - 0.148 * r - 0.291 * g + 0.439 * b);
        red[half] = Math.round(128 + 0.439 * r - 0.368 * g - 0.071 * b);
      }
    }
  }
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F15:1 Ip A1:1 C420jpeg\n`);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, blue, red]);
  return Buffer.concat([head, frame, frame]);
}
