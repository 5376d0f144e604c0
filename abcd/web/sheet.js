"use strict";
/**
 * The page of one place that opens from a folder: puts a mark on the map for each entry of the list beside it, and keeps
 * the two in step. Every word is in the page already; nothing here is parsed as HTML.
 * `marks` are [number of the entry, latitude, longitude, kind].
 */
function abcdMarks(map, marks) {
  const entries = new Map(Array.from(document.querySelectorAll("details[data-n]"), (entry) => [Number(entry.dataset.n), entry]));
  const placed = new Map();
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function choose(n) {
    for (const [other, mark] of placed) mark.getElement()?.classList.toggle("is-chosen", other === n);
    for (const [other, entry] of entries) if (other !== n) entry.open = false;
  }

  function show(entry) {
    entry.open = true;
    entry.querySelector("summary").focus();
    entry.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }

  function iconOf(kind) {
    const picture = document.querySelector(`section[data-kind="${CSS.escape(kind)}"] h2 svg`).cloneNode(true);
    return L.divIcon({ className: "mark", html: picture, iconSize: [26, 26] });
  }

  for (const [n, lat, lon, kind] of marks) {
    const entry = entries.get(n);
    const mark = L.marker([lat, lon], { icon: iconOf(kind), title: entry.querySelector("b").textContent });
    mark.on("click", () => show(entry));
    mark.on("keydown", ({ originalEvent }) => {
      if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
      originalEvent.preventDefault();  // or the same press would close the entry that now has the focus
      show(entry);
    });
    entry.addEventListener("toggle", () => {
      if (!entry.open) return;
      choose(n);
      if (map.hasLayer(mark)) map.panTo(mark.getLatLng(), { animate: !calm });
    });
    placed.set(n, mark.addTo(map));
  }

  for (const section of document.querySelectorAll("section[data-kind]")) {
    const box = section.querySelector("input");
    box.closest("label").hidden = false;
    box.addEventListener("change", () => {
      section.classList.toggle("is-off", !box.checked);
      for (const [n, , , kind] of marks) {
        if (kind === section.dataset.kind) placed.get(n)[box.checked ? "addTo" : "removeFrom"](map);
      }
    });
  }
  map.attributionControl.setPrefix(false);
  map.getContainer().setAttribute("aria-label", document.querySelector("main").dataset.label);
}
