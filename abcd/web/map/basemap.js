/** The ground below our own drawing: nothing asked of anybody unless the owner named tiles or an archive. */
import { L } from "./leaflet.js";

/** Tiles of an archive that we serve ourselves, read piece by piece. */
async function archive(url) {
  await import("/vendor/pmtiles/pmtiles.js");
  return globalThis.pmtiles.leafletRasterLayer(new globalThis.pmtiles.PMTiles(url), { pane: "tilePane" });
}

/** Whose tiles they are, as text beside the scale. */
const Thanks = L.Control.extend({
  options: { position: "bottomleft" },
  onAdd() {
    const said = L.DomUtil.create("p", "abcd-thanks");
    said.textContent = this.options.text;
    return said;
  },
});

/** Lay the owner's tiles below everything, or take them away. */
export async function addTiles(map, basemap) {
  map.abcdTiles?.remove();
  map.abcdThanks?.remove();
  map.abcdTiles = map.abcdThanks = null;
  if (basemap?.tiles) map.abcdTiles = L.tileLayer(basemap.tiles, { maxZoom: 19, className: "abcd-tiles" });
  else if (basemap?.pmtiles) map.abcdTiles = await archive(basemap.pmtiles);
  map.abcdTiles?.addTo(map);
  if (map.abcdTiles && basemap.attribution) map.abcdThanks = new Thanks({ text: basemap.attribution }).addTo(map);
}
