/**
 * Where the list starts from: a town that was chosen (remembered on the device), or the device's own place (in this
 * object's memory alone: in no address, no storage and no request but with four decimals in a body).
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { SearchResult, Settlement } from "../../src/api/types.js";
import { distanceM } from "../../src/geo/distance.js";
import type { LonLat } from "../../src/geo/lon_lat.js";
import { STAVROPOL } from "../../src/geo/stavropol.js";
import { metresPerPx, type Bbox, type View } from "../../src/map/view.js";
import type { Start } from "../../src/map_list/follow.js";
import { rememberedSettlement, rememberSettlement } from "../../src/state/remembered.js";
import { whereAmI, type Measured, type WhereFailure } from "../../src/state/where_am_i.js";

/** Where a first visit starts: the krai's capital, until the person says otherwise. */
const CAPITAL: Settlement = {
  id: "gn-487846", name: "Ставрополь", district: "Ставрополь", region: "Ставропольский край", ...STAVROPOL,
};

export class StartPoint implements ReactiveController, Start {
  town: Settlement = rememberedSettlement() ?? CAPITAL;
  /** null: the town counts. */
  person: Measured | null = null;
  locating = false;
  readonly area: Bbox | null = null;
  failure: WhereFailure | null = null;
  /** The last asking of the device; an older answer is ignored. */
  #asking = 0;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#asking += 1;
  }

  /** It is where the server's printed rows begin (`http/map_page.rs`). */
  get isDefault(): boolean {
    return this.person === null && this.town.id === CAPITAL.id;
  }

  get position(): LonLat {
    return this.person ?? this.town;
  }

  /** Asks the device; true when it has told, false when not, null when something else was chosen meanwhile. */
  async locate(): Promise<boolean | null> {
    const asking = ++this.#asking;
    this.locating = true;
    this.failure = null;
    this.#host.requestUpdate();
    const answer = await whereAmI();
    if (asking !== this.#asking) return null;
    this.locating = false;
    if (typeof answer === "string") this.failure = answer;
    else this.person = answer;
    this.#host.requestUpdate();
    return typeof answer !== "string";
  }

  choose({ id, title, detail, lon, lat }: SearchResult): boolean {
    if (lon == null || lat == null) return false;
    this.#asking += 1;
    this.locating = false;
    this.failure = null;
    this.person = null;
    this.town = { id, name: title, district: detail, region: null, lon, lat };
    rememberSettlement(this.town);
    this.#host.requestUpdate();
    return true;
  }

  /** A view whose middle is the person says where they are: it has no place in an address. */
  betrayedBy(view: View): boolean {
    return this.person !== null && distanceM(this.person, view) < Math.max(300, 60 * metresPerPx(view.lat, view.zoom));
  }
}
