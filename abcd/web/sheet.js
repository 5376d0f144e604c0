"use strict";
/**
 * The page that opens from a folder: puts a mark on the map for each entry of the list beside it, and keeps the two in
 * step. Every word is in the page already; nothing here is parsed as HTML.
 * `marks` are [number of the entry, latitude, longitude, kind]. Where more than `MOST` are in view, marks that lie close
 * together are one, with their number on it; pressing it goes nearer.
 */
function abcdMarks(map, marks) {
  const MOST = 400, CELL = 72;
  const entries = new Map(Array.from(document.querySelectorAll("details[data-n]"), (entry) => [Number(entry.dataset.n), entry]));
  const sections = Array.from(document.querySelectorAll("section[data-kind]"));
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const placed = new Map(), away = new Set(), missed = new Set(), made = new Map();
  const drawn = L.layerGroup().addTo(map);
  let chosen = null;

  function show(entry) {
    entry.open = true;
    entry.querySelector("summary").focus();
    entry.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }

  function pressed(mark, act) {
    mark.on("click", act);
    mark.on("keydown", ({ originalEvent }) => {
      if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
      originalEvent.preventDefault();  // or the same press would close the entry that now has the focus
      act();
    });
    return mark;
  }

  function iconOf(kind) {
    const picture = document.querySelector(`section[data-kind="${CSS.escape(kind)}"] h2 svg`).cloneNode(true);
    return L.divIcon({ className: "mark", html: picture, iconSize: [26, 26] });
  }

  function markOf([n, lat, lon, kind]) {
    if (!made.has(n)) {
      const entry = entries.get(n);
      const mark = L.marker([lat, lon], { icon: iconOf(kind), title: entry.querySelector("b").textContent });
      made.set(n, pressed(mark, () => show(entry)));
    }
    return made.get(n);
  }

  function heap(those) {
    const number = document.createElement("b");
    number.textContent = String(those.length);
    const box = L.latLngBounds(those.map(([, lat, lon]) => [lat, lon]));
    const icon = L.divIcon({ className: "heap", html: number, iconSize: [36, 36] });
    return pressed(L.marker(box.getCenter(), { icon, title: String(those.length) }), () => map.fitBounds(box, { animate: !calm }));
  }

  function draw() {
    const view = map.getBounds().pad(0.1);
    const those = marks.filter(([n, lat, lon, kind]) => !away.has(kind) && !missed.has(n) && view.contains([lat, lon]));
    drawn.clearLayers();
    placed.clear();
    const heaps = new Map();
    for (const one of those) {
      const at = map.project([one[1], one[2]]).divideBy(CELL).floor();
      const key = those.length > MOST && map.getZoom() < map.getMaxZoom() ? `${at.x} ${at.y}` : one[0];
      heaps.set(key, [...(heaps.get(key) ?? []), one]);
    }
    for (const [first, ...others] of heaps.values()) {
      if (others.length) {
        heap([first, ...others]).addTo(drawn);
      } else {
        placed.set(first[0], markOf(first).addTo(drawn));
      }
    }
    ring();
  }

  function ring() {
    for (const [n, mark] of placed) mark.getElement()?.classList.toggle("is-chosen", n === chosen);
  }

  function choose(n) {
    chosen = n;
    for (const [other, entry] of entries) if (other !== n) entry.open = false;
    const at = marks.find(([one]) => one === n);
    if (at && !away.has(at[3])) map.panTo([at[1], at[2]], { animate: !calm });
    ring();
  }

  function find(words) {
    const sought = words.trim().toLowerCase();
    missed.clear();
    for (const [n, entry] of entries) {
      entry.hidden = sought !== "" && !entry.textContent.toLowerCase().includes(sought);
      if (entry.hidden) missed.add(n);
    }
    for (const section of sections) section.hidden = !section.querySelector("details:not([hidden])");
    draw();
  }

  for (const [n, entry] of entries) entry.addEventListener("toggle", () => entry.open && choose(n));
  for (const section of sections) {
    const box = section.querySelector("input");
    box.closest("label").hidden = false;
    box.addEventListener("change", () => {
      section.classList.toggle("is-off", !box.checked);
      away[box.checked ? "delete" : "add"](section.dataset.kind);
      draw();
    });
  }
  const search = document.querySelector(".search");
  search.hidden = false;
  search.querySelector("input").addEventListener("input", ({ target }) => {
    find(target.value);
    search.querySelector("output").textContent = target.value.trim() ? String(entries.size - missed.size) : "";
  });
  map.on("moveend", draw);
  map.attributionControl.setPrefix(false);
  map.getContainer().setAttribute("aria-label", document.querySelector("main").dataset.label);
  map.whenReady(draw);
}
