/** The small pictures of the map: one shape a kind of asset, with a letter, so that colour never speaks alone. */

const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a field of 24 x 24. */
export const SHAPES = {
  circle: "M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 1 0 0-21Z",
  square: "M4.5 2.5h15a2 2 0 0 1 2 2v15a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-15a2 2 0 0 1 2-2Z",
  house: "M12 1L23 9.6V21a1.5 1.5 0 0 1-1.5 1.5h-19A1.5 1.5 0 0 1 1 21V9.6Z",
  diamond: "M12 .5L23.5 12L12 23.5L.5 12Z",
  bubble: "M4 2h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-7l-5.5 5V18H4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2Z",
  heart: "M12 22.5C5 17 1.2 13.3 1.2 8.6C1.2 5 4 2.2 7.2 2.2c2 0 3.8 1 4.8 2.8c1-1.8 2.8-2.8 4.8-2.8c3.2 0 6 2.8 6 6.4c0 4.7-3.8 8.4-10.8 13.9Z",
};
const MIDDLE = { house: 15.5, bubble: 10.2, heart: 10.8 };

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

/** The mark of a kind: filled when it was checked lately, hollow when somebody should look again. */
export function mark(kind, hollow = false, size = 26) {
  const picture = drawn("svg", { viewBox: "-1 -1 26 26", width: size, height: size, "aria-hidden": "true" });
  const [inside, edge] = hollow ? ["#ffffff", kind.colour] : [kind.colour, "#ffffff"];
  picture.append(
    drawn("path", { d: SHAPES[kind.shape] ?? SHAPES.circle, fill: inside, stroke: edge, "stroke-width": hollow ? 2.4 : 1.6 }),
    drawn("text", {
      x: 12, y: MIDDLE[kind.shape] ?? 12.2, fill: hollow ? kind.colour : "#ffffff", "text-anchor": "middle",
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
