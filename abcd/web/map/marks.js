/** The small pictures of the map: one shape a kind of asset, with a letter, so that colour never speaks alone. */

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and text; nothing here is ever parsed as HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function drawn(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** Whether somebody should look again before relying on it. */
export function isOld({ fresh }) {
  return fresh === "stale" || fresh === "hidden";
}

/** The mark of a kind: filled when it was checked lately, hollow when somebody should look again. */
export function mark(kind, hollow = false, size = 26) {
  const picture = drawn("svg", { viewBox: "-1 -1 26 26", width: size, height: size, "aria-hidden": "true" });
  const [inside, edge] = hollow ? ["#ffffff", kind.colour] : [kind.colour, "#ffffff"];
  picture.append(
    drawn("path", { d: kind.outline, fill: inside, stroke: edge, "stroke-width": hollow ? 2.4 : 1.6 }),
    drawn("text", {
      x: 12, y: kind.middle, fill: hollow ? kind.colour : "#ffffff", "text-anchor": "middle",
      "dominant-baseline": "central", "font-size": 12, "font-weight": 700,
    }, kind.letter),
  );
  return picture;
}

/** A round mark for many things in one spot, wider when there are more of them. */
export function heap(count, language) {
  const size = 30 + 7 * Math.min(4, Math.log10(count));
  const short = new Intl.NumberFormat(language, { notation: count > 9999 ? "compact" : "standard" }).format(count);
  const made = element("span", { class: "abcd-heap" }, short);
  made.style.width = made.style.height = `${size}px`;
  return { made, size };
}
