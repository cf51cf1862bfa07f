/**
 * The camera and its picture, and beside it the way in for a photo. Attribute `wanted`: the camera was on last time;
 * `paused`: do not read just now. Event `wanted` (boolean) when it is switched by hand; event `codes` with the texts
 * that were read, cancelable: who cancels it is asked again a moment later. `live` tells frames from photos.
 *
 * The camera is closed while the page is hidden: no light stays on in a pocket.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { Localized, t, type Key } from "../i18n/index.js";
import { sharedStyles } from "../ui/shared_styles.js";
import { DecoderError, frameReader, readPicture, type FrameReader } from "./decoder.js";
import { Recent } from "./recent.js";
import { cameraIcons } from "./camera_icons.js";

const EVERY_MS = 100;
const MOST_FAILURES = 5;

export class CameraView extends LitElement {
  static override properties = {
    wanted: { type: Boolean }, paused: { type: Boolean }, state: { state: true }, trouble: { state: true }, torch: { state: true }, reading: { state: true },
  };
  declare wanted: boolean;
  declare paused: boolean;
  declare state: "off" | "starting" | "on";
  declare trouble: Key | null;
  /** null: this camera has none. */
  declare torch: boolean | null;
  declare reading: boolean;

  readonly #recent = new Recent();
  #stream: MediaStream | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #awake: WakeLockSentinel | null = null;
  /** Counts openings, so that a late answer of a closed camera is told apart. */
  #turn = 0;

  constructor() {
    super();
    this.wanted = false;
    this.paused = false;
    this.state = "off";
    this.trouble = null;
    this.torch = null;
    this.reading = false;
    new Localized(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#visibility);
    void this.updateComplete.then(() => { if (this.wanted && this.state === "off" && !document.hidden) void this.#open(); });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#visibility);
    this.#close();
  }

  override render(): TemplateResult {
    return html`
      <div class="box" ?hidden=${this.state === "off"}>
        <video playsinline muted autoplay aria-label=${t("scan.camera.view")}></video>
        <span class="frame"></span>
        ${this.state === "on" ? html`<p class="aim">${t("scan.camera.aim")}</p>` : nothing}
      </div>
      <div class="buttons">
        ${this.state === "off" ? html`<button type="button" class="button primary main" @click=${this.#on}>${cameraIcons.camera()}${t("scan.camera.on")}</button>`
        : this.state === "starting" ? html`<button type="button" class="button primary main" disabled>${t("scan.camera.starting")}</button>`
        : html`<button type="button" class="button" @click=${this.#off}>${t("scan.camera.off")}</button>`}
        ${this.torch === null ? nothing : html`<button type="button" class="button" aria-pressed=${this.torch ? "true" : "false"} @click=${this.#light}>${cameraIcons.torch()}${t("scan.camera.torch")}</button>`}
        <button type="button" class="button" ?disabled=${this.reading} @click=${this.#choose}>${cameraIcons.picture()}${t(this.reading ? "scan.picture.reading" : "scan.picture")}</button>
        <input type="file" accept="image/*" capture="environment" hidden @change=${this.#chosen}>
      </div>
      <p class="trouble" role="alert">${this.trouble === null ? "" : t(this.trouble)}</p>`;
  }

  #on = (): void => {
    this.#wants(true);
    void this.#open();
  };

  #off = (): void => {
    this.#wants(false);
    this.#close();
  };

  #wants(detail: boolean): void {
    this.wanted = detail;
    this.dispatchEvent(new CustomEvent("wanted", { detail }));
  }

  #visibility = (): void => {
    if (document.hidden) this.#close();
    else if (this.wanted && this.state === "off") void this.#open();
  };

  async #open(): Promise<void> {
    const turn = (this.#turn += 1);
    this.state = "starting";
    this.trouble = null;
    let stream: MediaStream | null = null;
    try {
      const { mediaDevices } = navigator as { mediaDevices?: MediaDevices }; // absent on plain http
      if (mediaDevices === undefined) throw new DOMException("", "InsecureError");
      stream = await mediaDevices.getUserMedia({
        audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
      });
      if (turn !== this.#turn) return stop(stream);
      const video = this.renderRoot.querySelector("video")!;
      this.#stream = stream;
      await this.updateComplete; // a video that is not shown gives no frames on some phones
      video.muted = true;
      video.srcObject = stream;
      await video.play();
      const read = await frameReader();
      if (turn !== this.#turn) return;
      const track = stream.getVideoTracks()[0];
      track?.addEventListener("ended", () => { if (turn === this.#turn) this.#close(); }, { once: true });
      const able = track?.getCapabilities?.() as { torch?: boolean } | undefined;
      this.torch = able?.torch === true ? false : null;
      this.state = "on";
      void this.#stayAwake(turn);
      void this.#watch(turn, video, read, 0);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#close();
      this.trouble = troubleOf(error);
    }
  }

  #close(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    if (this.#stream !== null) stop(this.#stream);
    this.#stream = null;
    const video = this.renderRoot.querySelector("video");
    if (video !== null) video.srcObject = null;
    this.torch = null;
    this.state = "off";
    this.#awake?.release().catch(() => {});
    this.#awake = null;
  }

  /** One frame after another, some ten a second, never two at once. */
  async #watch(turn: number, video: HTMLVideoElement, read: FrameReader, failures: number): Promise<void> {
    const began_ms = performance.now();
    try {
      if (!this.paused && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
        const texts = await read(video);
        if (turn !== this.#turn) return;
        if (texts.length > 0) this.#saw(texts);
      }
      failures = 0;
    } catch (error) {
      if (turn !== this.#turn) return;
      if (error instanceof DecoderError || failures >= MOST_FAILURES) {
        this.#close();
        this.trouble = "scan.camera.failed";
        return;
      }
      failures += 1; // a frame between two sizes, say
    }
    this.#timer = setTimeout(() => void this.#watch(turn, video, read, failures), Math.max(10, EVERY_MS - (performance.now() - began_ms)));
  }

  #saw(texts: readonly string[]): void {
    const all = [...texts].sort().join("\n");
    const now_ms = performance.now();
    if (this.#recent.isNews(all, now_ms) && this.#tell(texts, true)) this.#recent.took(all, now_ms);
  }

  #tell(texts: readonly string[], live: boolean): boolean {
    return this.dispatchEvent(new CustomEvent("codes", { detail: { texts, live }, cancelable: true }));
  }

  #light = async (): Promise<void> => {
    const track = this.#stream?.getVideoTracks()[0];
    const torch = this.torch !== true;
    try {
      await track?.applyConstraints({ advanced: [{ torch } as MediaTrackConstraintSet] });
      this.torch = torch;
    } catch {
      this.torch = null;
    }
  };

  async #stayAwake(turn: number): Promise<void> {
    try {
      const awake = await navigator.wakeLock?.request("screen");
      if (turn === this.#turn) this.#awake = awake ?? null;
      else await awake?.release();
    } catch {
      // saving power comes first
    }
  }

  #choose = (): void => this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click();

  #chosen = async (event: Event): Promise<void> => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (file === undefined) return;
    this.reading = true;
    this.trouble = null;
    try {
      const texts = await readPicture(file);
      if (texts.length === 0) this.trouble = "scan.picture.none";
      else this.#tell(texts, false);
    } catch (error) {
      this.trouble = error instanceof DecoderError ? "scan.camera.failed" : "scan.picture.failed";
    } finally {
      this.reading = false;
      input.value = ""; // the same file may be chosen once more
    }
  };

  static override styles = [sharedStyles, css`
    :host { display: grid; gap: 10px; align-content: start; }
    .box { position: relative; width: 100%; max-width: min(100%, 46vh); aspect-ratio: 1; margin: 0 auto; overflow: hidden; border-radius: var(--radius); background: #000; }
    video { width: 100%; height: 100%; object-fit: cover; display: block; }
    .frame { position: absolute; inset: 14%; border: 4px solid #fff; border-radius: 18px; box-shadow: 0 0 0 100vmax rgb(0 0 0 / 35%); pointer-events: none; }
    .aim { position: absolute; left: 0; right: 0; bottom: 4%; text-align: center; color: #fff; font-weight: 700; text-shadow: 0 1px 3px #000; }
    .buttons { display: flex; flex-wrap: wrap; gap: 8px; }
    .button { flex: 1 1 8rem; min-height: 52px; }
    .button.main { flex-basis: 100%; min-height: 72px; font-size: 1.25rem; }
    .button[aria-pressed="true"] { background: var(--notice); color: var(--notice-ink); }
    .trouble { color: var(--danger); font-weight: 600; }
    .trouble:empty { display: none; }
    @media (min-width: 860px) { .box { max-width: min(100%, 60vh); } .button.main { min-height: 120px; } }
  `];
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function troubleOf(error: unknown): Key {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError": case "SecurityError": return "scan.camera.refused";
    case "NotFoundError": case "OverconstrainedError": return "scan.camera.none";
    case "NotReadableError": case "AbortError": return "scan.camera.busy";
    case "InsecureError": return "scan.camera.insecure";
    default: return "scan.camera.failed";
  }
}

customElements.define("ry-camera-view", CameraView);
