/** What a mark says when pointed at, and when opened. */
import { element, isOld, mark } from "./marks.js";

/** A line for the pointer: the name and what it is. */
export function hint(told) {
  return element("span", {}, element("strong", {}, told.name ?? ""), told.category_name ? ` · ${told.category_name}` : "");
}

/** The card of an asset, with a way to its own page. */
export function details(told, kind, { words, asset_url: page }) {
  const lines = [told.category_name, told.address, told.postcode].filter(Boolean);
  const card = element("div", { class: "abcd-card" },
    element("p", { class: "abcd-card-kind" }, mark(kind, isOld(told), 18), kind.title),
    element("p", { class: "abcd-card-name" }, told.name ?? ""),
    ...lines.map((line) => element("p", {}, line)),
    element("p", { class: "abcd-card-fresh" }, words[`fresh_${told.fresh}`] ?? ""),
  );
  if (page) card.append(element("a", { href: `${page}?asset=${encodeURIComponent(told.id)}`, target: "_self" }, words.open));
  return card;
}
