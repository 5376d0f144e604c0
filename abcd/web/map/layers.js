/** What the map draws: quiet areas and lines on a canvas; assets as marks that a keyboard can walk between. */
import { L } from "./leaflet.js";
import { details, hint } from "./details.js";
import { heap, isOld, mark } from "./marks.js";
import { walkBetween } from "./keys.js";

/** Greys of the ground and the few lines that stand out from it. */
const STYLES = {
  greenspace: { stroke: false, fillColor: "#dfe7d7", fillOpacity: 0.9 },
  water: { color: "#c3d3dc", weight: 1, fillColor: "#d5e1e8", fillOpacity: 1 },
  streets: { color: "#ffffff", weight: 2.5, opacity: 1, fill: false },
  boundaries: { color: "#b3aea4", weight: 1, dashArray: "2 4", fill: false },
  places: { color: "#6b7d86", weight: 1.4, fillColor: "#6b7d86", fillOpacity: 0.06 },
  boundary: { color: "#0b4f54", weight: 3, fillColor: "#0b4f54", fillOpacity: 0.05 },
  patch: { color: "#22313a", weight: 2.2, fillOpacity: 0.28 },
  blocks: { color: "#6b7d86", weight: 0.8, fillColor: "#ffffff", fillOpacity: 0.02 },
  ring: { color: "#0b4f54", weight: 1.8, dashArray: "7 6", fill: false },
  barrier: { color: "#7a1f1f", weight: 4, opacity: 0.9, fill: false },
  crossing: { color: "#7a1f1f", weight: 2.5, fillColor: "#ffffff", fillOpacity: 1, radius: 6 },
  left: { color: "#8a3d12", weight: 2, dashArray: "3 3", fillColor: "#e0a458", fillOpacity: 0.45, radius: 9 },
  site: { color: "#0b4f54", weight: 3.5, fillColor: "#ffffff", fillOpacity: 1, radius: 13 },
};
/** Fills of patches: which is which is told by the number on each, and by its edge. */
const PICKED = { color: "#101418", weight: 3.4, dashArray: "6 4", fillColor: "#f2c94c", fillOpacity: 0.55 };
const HUES = ["#1b6e8c", "#b4572a", "#3f7d3a", "#7a4f9e", "#a68a1d", "#9c2f5c", "#4a5d23", "#52606d"];
const ORDER = ["greenspace", "water", "streets", "boundaries", "patch", "places", "blocks", "ring", "boundary", "barrier", "crossing", "left", "site"];
/** What says its name when pointed at. */
const POINTED = ["places", "blocks", "barrier", "crossing", "left"];
/** What carries its name, short enough to be read on it. */
const NUMBERED = ["patch", "site"];

/** The style of a feature: patches differ, everything else of a layer looks alike. */
function styleOf(style) {
  if (style === "barrier") return ({ properties }) => ({ ...STYLES.barrier, dashArray: properties.is_hard ? null : "3 8" });
  if (style !== "patch") return STYLES[style];
  return ({ properties }) => ({ ...STYLES.patch, fillColor: HUES[properties.hue % HUES.length] });
}

/** Whether areas of this style can be pressed. */
function isPressed(style) {
  return style === "places" || style === "blocks";
}

function paneOf(map, style) {
  const name = `abcd-${style}`;
  if (map.getPane(name)) return name;
  const pane = map.createPane(name);
  pane.style.zIndex = 300 + 10 * ORDER.indexOf(style);
  pane.style.pointerEvents = POINTED.includes(style) ? "auto" : "none";
  return name;
}

/** Areas and lines: the ground, boundaries, the walking ring. */
export class AreaLayer {
  constructor(map, layer, owner) {
    const style = STYLES[layer.style] ? layer.style : "places";
    const pane = paneOf(map, style);
    Object.assign(this, { map, layer, owner, style, pane });
    this.shapes = L.geoJSON(null, {
      pane, style: styleOf(style), interactive: POINTED.includes(style), renderer: L.svg({ pane, padding: 0.3 }),
      pointToLayer: (_feature, at) => L.circleMarker(at, { pane, radius: 2.5, ...STYLES[style] }),
      onEachFeature: (feature, shape) => this.name(feature, shape),
    }).addTo(map);
  }

  name(feature, shape) {
    const named = feature.properties?.name;
    if (!named || ![...POINTED, ...NUMBERED, "boundaries"].includes(this.style)) return;
    const word = document.createElement("span");
    word.textContent = feature.properties.label ?? named;
    const looks = NUMBERED.includes(this.style) ? "abcd-name abcd-number" : "abcd-name";
    shape.bindTooltip(word, POINTED.includes(this.style) ? { sticky: true, direction: "top" }
      : { permanent: true, direction: "center", className: looks, opacity: 1 });
    if (this.style === "places") shape.on("click", () => this.owner.chosen(feature.properties.reference ?? feature.id));
    if (this.style === "blocks") shape.on("click", () => this.owner.pick(String(feature.id)));
  }

  draw(features) {
    this.shapes.clearLayers();
    this.shapes.addData({ type: "FeatureCollection", features });
    if (this.style === "blocks") this.showPicked(this.owner.picked);
  }

  /** Draw those that are picked so that edge, pattern and fill all say it. */
  showPicked(ids) {
    if (this.style !== "blocks") return;
    const those = new Set(ids);
    this.shapes.eachLayer((shape) => shape.setStyle(those.has(String(shape.feature.id)) ? PICKED : { dashArray: null, ...STYLES.blocks }));
  }

  remove() {
    this.shapes.remove();
  }
}

/** Assets and their clusters; marks stay in place when the next answer holds them too. */
export class AssetLayer {
  constructor(map, layer, owner) {
    Object.assign(this, { map, layer, owner, marks: new globalThis.Map(), group: L.layerGroup().addTo(map) });
    walkBetween(map, this.marks);
  }

  draw(features) {
    const fresh = new globalThis.Map(features.filter((feature) => feature.geometry).map((one) => [this.keyOf(one), one]));
    for (const [key, known] of this.marks) {
      if (!fresh.has(key)) { known.remove(); this.marks.delete(key); }
    }
    for (const [key, feature] of fresh) if (!this.marks.has(key)) this.marks.set(key, this.markOf(feature));
    this.highlight(this.owner.options?.selected?.id);
  }

  keyOf(feature) {
    const { cluster, count, fresh } = feature.properties;
    return cluster ? `${feature.geometry.coordinates}:${count}` : `${feature.id ?? feature.properties.id}:${fresh}`;
  }

  markOf(feature) {
    const [lon, lat] = this.point(feature.geometry);
    const marker = feature.properties.cluster ? this.heapOf(feature, [lat, lon]) : this.assetOf(feature, [lat, lon]);
    marker.addTo(this.group);
    this.nameFor(marker.getElement(), { id: feature.id, ...feature.properties });
    return marker;
  }

  point(geometry) {
    return geometry.type === "Point" ? geometry.coordinates
      : (({ lat, lng }) => [lng, lat])(L.geoJSON(geometry).getBounds().getCenter());
  }

  assetOf(feature, at) {
    const told = { id: feature.id, ...feature.properties };
    const kind = this.owner.options.kinds.find((one) => one.kind === told.asset_kind) ?? this.owner.options.kinds[0];
    const icon = L.divIcon({ html: mark(kind, isOld(told)), className: "abcd-mark", iconSize: [26, 26] });
    const marker = L.marker(at, { icon, keyboard: false, riseOnHover: true });
    marker.abcd = told;
    marker.bindTooltip(() => hint(told), { direction: "top", offset: [0, -13], opacity: 1, className: "abcd-hint" });
    marker.on("click", () => this.owner.chosen(told.id));
    marker.on("mouseover", () => this.owner.pointed(told.id)).on("mouseout", () => this.owner.pointed(null));
    if (this.owner.options.popups === false) return marker;
    marker.bindPopup(() => details(told, kind, this.owner.options), { offset: [0, -8], maxWidth: 280 });
    return marker.on("popupopen", () => marker.closeTooltip());
  }

  heapOf(feature, at) {
    const { made, size } = heap(feature.properties.count, this.owner.options.language);
    const icon = L.divIcon({ html: made, className: "abcd-mark abcd-mark-heap", iconSize: [size, size] });
    return L.marker(at, { icon, keyboard: false })
      .on("click", () => this.map.setView(at, Math.min(19, this.map.getZoom() + 2)));
  }

  nameFor(node, told) {
    const { words, language } = this.owner.options;
    const count = new Intl.NumberFormat(language).format(told.count ?? 0);
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "-1");
    node.addEventListener("focus", () => this.owner.pointed(told.cluster ? null : told.id));
    node.setAttribute("aria-label", told.cluster ? words.heap.replace("{n}", count) : `${told.name}, ${told.category_name ?? ""}`);
  }

  highlight(id) {
    for (const marker of this.marks.values()) marker.getElement()?.classList.toggle("is-chosen", Boolean(id) && marker.abcd?.id === id);
  }

  /** Show where the one stands that somebody points at in a list, also while it lies in a heap. */
  showSpot(id, at) {
    for (const marker of this.marks.values()) marker.getElement()?.classList.toggle("is-hot", Boolean(id) && marker.abcd?.id === id);
    this.spot = this.spot?.remove() && null;
    if (at) this.spot = L.circleMarker(at, { radius: 19, color: "#101418", weight: 3, fill: false, interactive: false }).addTo(this.map);
  }

  remove() {
    this.spot?.remove();
    this.group.remove();
  }
}
