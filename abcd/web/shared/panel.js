/** One asset in full, in the place of the list; Escape or the link at its head leads back to where one was. */
import { isPlain, partOf } from "./list.js";

export class Panel {
  constructor(host, results, beside) {
    Object.assign(this, { host, beside, behind: results ? [results, ...document.querySelectorAll("#filters, #walk")] : [] });
    this.isInside = false;
    host?.addEventListener("click", (event) => this.pressed(event));
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isInside) this.back();
    });
  }

  isAddress(path) {
    return /\/asset\/[0-9a-f-]{36}$/.test(path);
  }

  openAsset(id) {
    const path = this.beside.options.asset_url.replace("{id}", id);
    return this.open(path + location.search, { from: document.activeElement });
  }

  /** Show an asset; `from` gets the focus back. */
  async open(address, { push = true, from = null } = {}) {
    if (!this.host) { location.href = address; return; }
    const answer = await fetch(partOf(address, "asset"), { credentials: "same-origin", headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const article = page.querySelector("article.asset");
    if (!article) { location.href = address; return; }
    if (!this.isInside) Object.assign(this, { from, at: scrollY, steps: 0 });
    this.host.replaceChildren(article);
    if (push) { history.pushState(null, "", address); this.steps += 1; }
    this.turn(true);
    const { id, lon, lat } = article.dataset;
    this.beside.choose({ id, lon: lon && Number(lon), lat: lat && Number(lat) });
    document.getElementById("asset-name").focus({ preventScroll: true });
    this.host.scrollIntoView({ block: "start" });
  }

  turn(isInside) {
    this.isInside = isInside && this.behind.length > 0;
    this.host.hidden = !isInside;
    for (const part of this.behind) part.hidden = isInside;
    document.body.classList.toggle("shows-asset", isInside);
    if (isInside) document.body.classList.remove("shows-map");
  }

  /** Back to the list, by the way one came where there is one. */
  back() {
    if (this.steps) history.go(-this.steps);
    else location.href = this.host.querySelector("[data-back]").href;
  }

  close() {
    if (!this.isInside) return;
    this.turn(false);
    this.host.replaceChildren();
    this.beside.choose(null);
    scrollTo(0, this.at ?? 0);
    if (this.from?.isConnected) this.from.focus({ preventScroll: true });
  }

  pressed(event) {
    const link = event.target.closest("[data-back]");
    if (!link || !isPlain(event) || !this.isInside) return;
    event.preventDefault();
    this.back();
  }
}
