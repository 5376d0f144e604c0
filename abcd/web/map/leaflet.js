/** Leaflet as published for browsers, a third of the size of its modules; it hangs itself on the page, where Geoman looks for it. */
import "/vendor/leaflet/leaflet.js";

export const { L } = globalThis;
