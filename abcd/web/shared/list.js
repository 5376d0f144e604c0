/** The list and its filters: each change fetches the list anew from the server, and the address says what is asked. */
import { asked, fill, typed } from "./address.js";

const PAUSE = 350;

/** A part of a page of ours, as nodes; scripts in it would not run, and there are none. */
export async function part(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById("results") ?? page.body;
}

/** An address that asks for a part of its page alone. */
export function partOf(address, name) {
  const found = new URL(address, location.href);
  found.searchParams.set("only", name);
  return found;
}

/** Whether a press on a link is for us, and not for a new tab. */
export function isPlain(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

export class List {
  constructor(results, beside, panel) {
    this.filters = document.getElementById("filters");
    this.walk = document.getElementById("walk");
    this.said = document.getElementById("said");
    Object.assign(this, { results, beside, panel, address: location.href });
    this.filters.addEventListener("submit", (event) => { event.preventDefault(); this.apply(); });
    this.filters.addEventListener("change", (event) => event.target.type !== "search" && this.apply());
    this.filters.elements.q.addEventListener("input", () => this.applySoon());
    this.walk.addEventListener("submit", (event) => { event.preventDefault(); this.walkFrom(); });
    this.walk.elements.minutes.addEventListener("change", () => this.filters.elements.at && this.apply());
    results.addEventListener("click", (event) => this.pressed(event));
    for (const name of ["mouseover", "focusin"]) results.addEventListener(name, (event) => this.lookedAt(event.target));
    for (const name of ["mouseleave", "focusout"]) results.addEventListener(name, () => this.beside.point(null));
  }

  applySoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.apply(), PAUSE);
  }

  apply() {
    clearTimeout(this.timer);
    const query = asked(this.filters, this.walk).toString();
    return this.load(this.filters.action + (query ? `?${query}` : ""));
  }

  /** Fetch the list of an address and show it. */
  load(address, { push = true, focus = false } = {}) {
    return this.show(fetch(partOf(address, "list"), this.asking()), { address, push, focus });
  }

  walkFrom() {
    if (!this.walk.elements.from.value.trim()) return this.apply();
    const body = typed(this.filters, this.walk);
    return this.show(fetch(this.walk.action, { ...this.asking(), method: "POST", body }), { focus: true });
  }

  asking() {
    this.asked?.abort();
    this.asked = new AbortController();
    this.results.setAttribute("aria-busy", "true");
    return { signal: this.asked.signal, credentials: "same-origin", headers: { Accept: "text/html" } };
  }

  async show(fetched, { address, push = true, focus = false }) {
    let answer;
    try {
      answer = await fetched;
    } catch (error) {
      if (error.name !== "AbortError") this.failed();
      return;
    }
    const nodes = await part(answer);
    if (!nodes.querySelector(".count")) { location.reload(); return; }
    this.results.replaceChildren(...nodes.childNodes);
    this.settle(answer.ok ? address ?? answer.url : null, push);
    if (!focus) return;
    this.results.querySelector("#count").focus({ preventScroll: true });
    this.results.scrollIntoView({ block: "start" });
  }

  settle(address, push) {
    this.results.removeAttribute("aria-busy");
    const { box, query } = this.results.querySelector(".count").dataset;
    const trouble = this.results.querySelector(".trouble");
    this.said.textContent = (trouble ?? this.results.querySelector("#count")).textContent;
    if (trouble) return;
    if (address && push && address !== location.href) history.pushState(null, "", address);
    this.address = new URL(address ?? location.href, location.href).href;
    fill(this.filters, this.walk, this.address);
    this.beside.ask(query, JSON.parse(box));
  }

  failed() {
    this.results.removeAttribute("aria-busy");
    this.said.textContent = this.said.dataset.failed;
    this.said.classList.remove("aside");
  }

  pressed(event) {
    const link = event.target.closest("a[href]");
    if (!link || !isPlain(event)) return;
    const isAsset = this.panel.isAddress(new URL(link.href).pathname);
    if (!isAsset && !link.closest(".chips, .pages")) return;
    event.preventDefault();
    if (isAsset) this.panel.open(link.href, { from: link });
    else this.load(link.href, { focus: true });
  }

  lookedAt(target) {
    const line = target.closest("li[data-id]");
    if (!line) return;
    const { id, lon, lat } = line.dataset;
    this.beside.point(id, lon ? [Number(lat), Number(lon)] : null);
  }

  /** Somebody points at a mark of the map. */
  point(id) {
    for (const line of this.results.querySelectorAll("li[data-id]")) line.classList.toggle("is-hot", line.dataset.id === id);
  }
}
