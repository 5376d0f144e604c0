/** One layer kept in step with what the map shows: fetched for the viewport, a pause after each move, old asks dropped. */

const PAUSE = 90;

export class Feed {
  constructor(map, layer, drawn, frame) {
    Object.assign(this, { map, layer, drawn, frame, version: null, asked: "" });
  }

  set(layer) {
    this.layer = layer;
    this.drawn.layer = layer;
    return this;
  }

  /** Where to ask for what is in view now. */
  address() {
    const bounds = this.map.getBounds().pad(0.15);
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const query = new URLSearchParams(this.layer.query);
    if (!this.layer.whole) {
      query.set("zoom", String(Math.round(this.map.getZoom())));
      query.set("bbox", box.map((degrees) => degrees.toFixed(6)).join(","));
    }
    if (this.version != null) query.set("v", String(this.version));
    return `${this.layer.url}?${query}`;
  }

  refresh(version = this.version) {
    this.version = version;
    clearTimeout(this.timer);
    if (this.frame.isHidden(this.layer.name) || this.map.getZoom() < (this.layer.min_zoom ?? 0)) return this.clear();
    if (this.address() === this.asked) return undefined;
    this.timer = setTimeout(() => this.load(), this.asked ? PAUSE : 0);
    return this.timer;
  }

  async load() {
    this.asking?.abort();
    this.asking = new AbortController();
    this.asked = this.address();
    this.frame.busy(this.layer, true);
    try {
      const answer = await fetch(this.asked, { signal: this.asking.signal, credentials: "same-origin" });
      if (answer.status === 404) dispatchEvent(new Event("abcd-gone"));
      if (!answer.ok) throw new Error(String(answer.status));
      const features = (await answer.json()).features ?? [];
      this.drawn.draw(features);
      this.frame.loaded(this.layer, features);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.asked = "";
      this.frame.failed(this.layer);
    }
  }

  clear() {
    this.asking?.abort();
    this.asked = "";
    this.drawn.draw([]);
    this.frame.loaded(this.layer, []);
  }

  remove() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.drawn.remove();
  }
}
