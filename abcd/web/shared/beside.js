/** The map beside the list, under the same filters. On a telephone it is fetched when somebody asks to see it. */

const NARROW = window.matchMedia("(max-width: 56.24rem)");

export class Beside {
  constructor(host) {
    this.host = host;
    this.options = host ? JSON.parse(host.dataset.options) : null;
    this.onchosen = this.onpointed = () => {};
  }

  start() {
    if (!this.host) return;
    const ways = document.querySelector(".switch");
    ways.hidden = false;
    ways.addEventListener("click", (event) => this.turn(event.target.closest("[data-show]")?.dataset.show));
    if (!NARROW.matches) this.draw();
    NARROW.addEventListener("change", () => NARROW.matches || this.draw());
    addEventListener("abcd-gone", () => this.seeWhetherItEnded());
  }

  /** Part of the map is gone: when all of it is, the share has ended, and the page says so. */
  async seeWhetherItEnded() {
    const answer = await fetch(location.href, { method: "HEAD", credentials: "same-origin" });
    if (answer.status === 404) location.reload();
  }

  turn(shown) {
    if (!shown) return;
    document.body.classList.toggle("shows-map", shown === "map");
    for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === shown));
    if (shown === "map") this.draw();
    scrollTo(0, 0);
  }

  async draw() {
    if (this.drawing) return this.drawing;
    this.drawing = import("/web/map.js").then(({ show }) => show(this.host, this.options, (event, value) => this.told(event, value)));
    this.map = await this.drawing;
    this.map.update(this.options);
    performance.mark("abcd-map");
    return this.map;
  }

  told(event, value) {
    if (event === "chosen") this.onchosen(value);
    if (event === "pointed") this.onpointed(value);
  }

  update(changed) {
    if (!this.host) return;
    this.options = { ...this.options, ...changed };
    this.map?.update(this.options);
  }

  /** Other filters: the marks of the same and the walk they ask for, and the view round them. */
  ask(query, box) {
    if (!this.host) return;
    const layers = this.options.layers.map((layer) => (["asset", "ring"].includes(layer.style) ? { ...layer, query } : layer));
    const view = { key: JSON.stringify(box), bounds: box.length ? box : null };
    this.update(view.bounds ? { layers, view } : { layers });
  }

  choose(selected) {
    this.update({ selected });
  }

  point(id, at = null) {
    this.map?.point(id, at);
  }
}
