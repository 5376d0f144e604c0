/** Hands on the map: place a point, draw or mend an edge, search where one looks; each also without a mouse. */
import { L } from "./leaflet.js";
import { element } from "./marks.js";

const EDGE = { color: "#8a1c5a", weight: 3, fillColor: "#8a1c5a", fillOpacity: 0.08 };
const SHAPES = { polygon: { shape: "Polygon", label: "draw" }, line: { shape: "Line", label: "draw_line" } };
const GEOMAN = "/vendor/leaflet-geoman/leaflet-geoman";

/** Fetched only when somebody draws. It hangs its tools on the global L. */
async function geoman(map) {
  const root = map.getContainer().getRootNode();
  if (!root.querySelector("link[data-abcd-geoman]")) {
    const link = element("link", { rel: "stylesheet", href: `${GEOMAN}.css`, "data-abcd-geoman": "" });
    (root === document ? document.head : root).append(link);
  }
  await import(`${GEOMAN}.min.js`);
  if (!map.pm) L.PM.reInitLayer(map);
}

function pinIcon() {
  return L.divIcon({ html: element("span", { class: "abcd-pin" }), className: "abcd-mark", iconSize: [28, 28], iconAnchor: [14, 28] });
}

export class Tools {
  constructor(map, frame, tell) {
    Object.assign(this, { map, frame, tell, mode: "" });
    map.on("click", ({ latlng }) => this.mode === "point" && this.place(latlng));
    frame.onturn = () => map.fire("moveend");
  }

  set({ draw = "", words, point, shape, ask_bounds: asksBounds }) {
    this.words = words;
    this.follow(draw === "point", point);
    if (draw === this.mode && asksBounds === this.asksBounds) return;
    Object.assign(this, { mode: draw, asksBounds });
    this.frame.canvas.classList.toggle("is-placing", draw === "point");
    this.frame.tools.replaceChildren(...this.buttons(draw, asksBounds));
    if (SHAPES[draw]) this.started = this.start(shape);
    else this.edge?.remove();
  }

  /** The pin stands where the page says; a page that lets go of its point takes the pin away. */
  follow(placing, point) {
    if (placing && point) this.pin(L.latLng(point.lat, point.lon));
    else if (!placing || this.given) this.marker = this.marker?.remove() && null;
    this.given = placing && point;
  }

  buttons(draw, asksBounds) {
    const words = this.words;
    const made = [];
    if (draw === "point") made.push(this.button(words.place_middle, () => this.place(this.map.getCenter())));
    if (SHAPES[draw]) made.push(this.button(words[SHAPES[draw].label], () => this.drawEdge()), this.button(words.mend, () => this.mendEdge()));
    if (asksBounds) made.push(this.button(words.search_here, () => this.tell("bounds", this.bounds())));
    return made;
  }

  button(label, act) {
    const made = element("button", { type: "button" }, label);
    made.addEventListener("click", act);
    return made;
  }

  bounds() {
    const box = this.map.getBounds();
    return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((degrees) => Number(degrees.toFixed(6)));
  }

  pin(at) {
    if (this.marker) { this.marker.setLatLng(at); return; }
    this.marker = L.marker(at, { icon: pinIcon(), draggable: true, keyboard: false, zIndexOffset: 1000 }).addTo(this.map);
    this.marker.on("dragend", () => this.place(this.marker.getLatLng()));
  }

  place(at) {
    this.pin(at);
    this.tell("point", { lon: Number(at.lng.toFixed(7)), lat: Number(at.lat.toFixed(7)) });
  }

  async start(shape) {
    await geoman(this.map);
    this.map.pm.setGlobalOptions({ pathOptions: EDGE, templineStyle: EDGE, hintlineStyle: { ...EDGE, dashArray: "5 5" }, tooltips: false });
    this.map.on("pm:create", ({ layer }) => this.keep(layer));
    if (shape) this.keep(L.geoJSON(shape, { style: EDGE }).getLayers()[0], true);
  }

  keep(layer, quiet = false) {
    this.edge?.remove();
    this.edge = layer.addTo(this.map);
    this.edge.on("pm:edit", () => this.tellEdge());
    if (quiet) this.map.fitBounds(this.edge.getBounds(), { padding: [20, 20] });
    else this.tellEdge();
  }

  tellEdge() {
    this.tell("drawn", this.edge.toGeoJSON(7).geometry);
  }

  /** Whoever presses before the tools are here draws as soon as they are. */
  async drawEdge() {
    await this.started;
    this.frame.say(this.words.draw_how);
    this.map.pm.enableDraw(SHAPES[this.mode].shape, { finishOn: "dblclick" });
  }

  mendEdge() {
    if (!this.edge) return this.frame.say(this.words.draw_first);
    this.frame.say(this.words.mend_how);
    this.edge.pm.toggleEdit({ allowSelfIntersection: false });
    return undefined;
  }
}
