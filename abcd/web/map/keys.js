/** Walking between marks with the keyboard: one tab stop, arrows to the nearest mark that way, Enter to open. */

const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function placeOf(map, marker) {
  return map.latLngToContainerPoint(marker.getLatLng());
}

/** The nearest mark in a direction: ahead counts once, sideways twice. */
function nextThatWay(map, marks, from, [x, y]) {
  const start = placeOf(map, from);
  let best = null;
  for (const marker of marks.values()) {
    const { x: toX, y: toY } = placeOf(map, marker).subtract(start);
    const ahead = toX * x + toY * y;
    const aside = Math.abs(toX * y) + Math.abs(toY * x);
    if (marker === from || ahead <= 0 || aside > 2 * ahead) continue;
    if (!best || ahead + 2 * aside < best.cost) best = { marker, cost: ahead + 2 * aside };
  }
  return best?.marker;
}

function stopAt(marks, marker) {
  for (const other of marks.values()) other.getElement()?.setAttribute("tabindex", other === marker ? "0" : "-1");
}

/** The mark nearest the middle of the map is where the tab key arrives. */
function settle(map, marks) {
  const middle = map.getSize().divideBy(2);
  const all = [...marks.values()];
  if (all.some((marker) => marker.getElement()?.matches(":focus"))) return;
  const distance = (marker) => placeOf(map, marker).distanceTo(middle);
  const nearest = all.reduce((best, marker) => (!best || distance(marker) < distance(best) ? marker : best), null);
  stopAt(marks, nearest);
}

/** Give the marks of a layer their keys. */
export function walkBetween(map, marks) {
  const pane = map.getPanes().markerPane;
  const focused = () => [...marks.values()].find((marker) => marker.getElement()?.matches(":focus"));
  pane.addEventListener("keydown", (event) => {
    const here = focused();
    if (!here) return;
    if (event.key === "Enter" || event.key === " ") here.fire("click");
    else if (WAYS[event.key]) move(here, WAYS[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  pane.addEventListener("focusin", () => { if (!focused()?.isPopupOpen?.()) focused()?.openTooltip(); });
  pane.addEventListener("focusout", () => marks.forEach((marker) => marker.closeTooltip?.()));
  map.on("moveend layeradd", () => { clearTimeout(map.abcdSettle); map.abcdSettle = setTimeout(() => settle(map, marks), 150); });

  function move(here, way) {
    const next = nextThatWay(map, marks, here, way);
    if (!next) return;
    stopAt(marks, next);
    next.getElement().focus({ preventScroll: true });
    if (!map.getBounds().pad(-0.05).contains(next.getLatLng())) map.panTo(next.getLatLng());
  }
}
