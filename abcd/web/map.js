/**
 * The one map of the product: Leaflet, fed by the viewport, for pages and for shared maps alike.
 *
 * `show(element, options, tell)` draws a map into `element` and promises `{ update(options, tell), moveTo(element), remove() }`. `options` carries
 * addresses, words and a small view, never data: features come by fetch() from the layers' own addresses.
 * `tell(event, value)` is called with "chosen" (an asset id), "point" ({lon, lat}), "drawn" (a GeoJSON geometry),
 * "bounds" ([west, south, east, north]), "picked" ({ ids, turn }: the blocks pressed so far), and with "pointed" (an asset id or null) where `options.pointing` asks for it. Everything a person typed reaches the page through textContent.
 */
import { L } from "./map/leaflet.js";
import { Feed } from "./map/feed.js";
import { AreaLayer, AssetLayer } from "./map/layers.js";
import { Tools } from "./map/tools.js";
import { Frame } from "./map/frame.js";
import { addTiles } from "./map/basemap.js";

/** Names of wards lie over each other further out. */
const NAMES_FROM = 12.5;
const BRITAIN = [[49.8, -8.7], [60.9, 1.8]];
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

/** A stylesheet, there before anything is measured. */
function style(root, href) {
  const known = root.querySelector(`link[href="${href}"]`);
  if (known) return known.abcdReady;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  link.abcdReady = new Promise((done) => { link.onload = link.onerror = done; });
  (root === document ? document.head : root).append(link);
  return link.abcdReady;
}

function leaflet(element, words) {
  const map = L.map(element, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, minZoom: 5, maxZoom: 19, zoomSnap: 0.5,
    zoomAnimation: !STILL.matches, fadeAnimation: !STILL.matches, markerZoomAnimation: !STILL.matches,
  });
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  // A page must scroll past the map: the wheel zooms only once a person has stepped into it.
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur mouseout", () => map.scrollWheelZoom.disable());
  return map;
}

class Map {
  constructor(element, options, tell) {
    this.tell = tell;
    this.frame = new Frame(element, options);
    this.map = leaflet(this.frame.canvas, options.words);
    this.fit(options.view);
    this.feeds = [];
    Object.assign(this, { picked: options.picked ?? [], turn: options.turn ?? 0, overtaken: [] });
    this.tools = new Tools(this.map, this.frame, (event, value) => this.tell(event, value));
    this.resized = new ResizeObserver(() => this.frame.canvas.isConnected && this.map.invalidateSize({ animate: false }));
    this.resized.observe(this.frame.canvas);
    this.map.on("moveend", () => this.moved());
    this.moved();
    this.update(options, this.tell);
  }

  update(options, tell = this.tell) {
    const before = this.options ?? {};
    this.options = options;
    this.tell = tell;
    if (JSON.stringify(before.basemap) !== JSON.stringify(options.basemap)) addTiles(this.map, options.basemap);
    this.setLayers(options.layers);
    this.frame.write(options);
    if (before.view && before.view.key !== options.view.key) this.fit(options.view);
    this.choose(before.selected);
    const isKnown = options.turn === this.turn && String(options.picked) !== String(this.picked);
    if (before.picked && isKnown) this.showPicked(options.picked);
    this.tools.set(options);
    this.feeds.forEach((feed) => feed.refresh(options.version));
  }

  /** Stand in another element, as it is: with its view, its open card and what it was told last. */
  moveTo(element) {
    if (this.frame.whole.parentNode !== element) element.append(this.frame.whole);
  }

  moved() {
    this.frame.canvas.classList.toggle("is-far", this.map.getZoom() < NAMES_FROM);
    this.feeds.forEach((feed) => feed.refresh());
  }

  setLayers(layers) {
    const kept = new Set(layers.map((layer) => layer.name));
    this.feeds.filter((feed) => !kept.has(feed.layer.name)).forEach((feed) => feed.remove());
    this.feeds = layers.map((layer) => this.feedOf(layer));
  }

  feedOf(layer) {
    const feed = this.feeds.find((known) => known.layer.name === layer.name);
    if (feed) return feed.set(layer);
    const Kind = layer.style === "asset" ? AssetLayer : AreaLayer;
    return new Feed(this.map, layer, new Kind(this.map, layer, this), this.frame);
  }

  chosen(id) {
    this.overtaken.push(this.options.selected?.id);
    this.options.selected = { id };
    this.highlight(id);
    this.tell("chosen", id);
  }

  /** A block was pressed: it joins those that are picked, or leaves them. */
  pick(id) {
    this.showPicked(this.picked.includes(id) ? this.picked.filter((one) => one !== id) : [...this.picked, id]);
    this.turn += 1;
    this.tell("picked", { ids: this.picked, turn: this.turn });
  }

  showPicked(ids) {
    this.picked = ids;
    this.feeds.forEach((feed) => feed.drawn.showPicked?.(ids));
    this.frame.say(this.options.words.picked.replace("{n}", ids.length));
  }

  /** Somebody points at a mark; only a page that asked for it is told. */
  pointed(id) {
    if (this.options.pointing) this.tell("pointed", id);
  }

  /** Somebody points at a line of the list: `at` is [lat, lon], null when they leave. */
  point(id, at = null) {
    this.feeds.forEach((feed) => feed.drawn.showSpot?.(id, at));
  }

  /** Obey what the page says is chosen, but not its late answer to a press that a newer one has overtaken. */
  choose(before) {
    const { selected } = this.options;
    const id = selected?.id ?? null;
    if (id === (before?.id ?? null)) { this.overtaken = []; return; }
    if (id && this.overtaken.includes(id)) { this.options.selected = before; return; }
    this.overtaken = [];
    this.highlight(id);
    if (selected?.lon == null) return;
    const zoom = Math.max(this.map.getZoom(), 17);
    this.map.setView([selected.lat, selected.lon], zoom, { animate: !STILL.matches });
  }

  highlight(id) {
    this.feeds.forEach((feed) => feed.drawn.highlight?.(id));
  }

  fit(view) {
    const [west, south, east, north] = view?.bounds ?? [];
    const bounds = view?.bounds ? [[south, west], [north, east]] : BRITAIN;
    this.map.fitBounds(bounds, { padding: [18, 18], maxZoom: 17, animate: false });
  }

  remove() {
    this.resized.disconnect();
    this.feeds.forEach((feed) => feed.remove());
    this.map.remove();
    this.frame.remove();
  }
}

/** Draw a map into `element`; see the head of this file. */
export async function show(element, options, tell = () => {}) {
  const root = element.getRootNode();
  await Promise.all(["/vendor/leaflet/leaflet.css", "/web/map.css"].map((href) => style(root, href)));
  return new Map(element, options, tell);
}
