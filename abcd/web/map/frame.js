/** What stands round the map: a legend, switches for the layers, one line that says what is shown, and credits. */
import { element, mark } from "./marks.js";

export class Frame {
  constructor(host, options) {
    this.canvas = element("div", { class: "abcd-canvas", role: "region", "aria-label": options.title, tabindex: "0" });
    this.canvas.style.setProperty("--abcd-height", `${options.height ?? 460}px`);
    this.tools = element("div", { class: "abcd-tools" });
    this.line = element("p", { class: "abcd-line", role: "status" });
    this.legend = element("ul", { class: "abcd-legend", "aria-label": options.words.legend });
    this.switches = element("fieldset", { class: "abcd-switches" });
    this.credit = element("p", { class: "abcd-credit" });
    this.whole = element("div", { class: "abcd-map" }, this.tools, this.canvas, this.line, this.legend, this.switches, this.credit);
    this.hidden = new Set();
    this.counts = {};
    host.append(this.whole);
  }

  write(options) {
    this.options = options;
    this.canvas.setAttribute("aria-label", options.title);
    this.legend.replaceChildren(...this.legendLines(options));
    if (!this.known) this.hidden = new Set(options.layers.filter((one) => one.on === false).map((one) => one.name));
    this.known = true;
    const shown = options.layers.filter((layer) => layer.title && layer.style !== "asset");
    this.switches.hidden = shown.length === 0;
    this.switches.replaceChildren(element("legend", {}, options.words.layers), ...shown.map((one) => this.switchFor(one)));
    this.credit.textContent = options.credit ?? "";
  }

  legendLines({ kinds, words }) {
    const lines = kinds.map((kind) => element("li", {}, mark(kind, false, 18), kind.title));
    if (kinds.length) lines.push(element("li", {}, mark({ ...kinds[0], letter: "" }, true, 18), words.fresh_stale));
    return lines;
  }

  switchFor(layer) {
    const box = element("input", { type: "checkbox" });
    box.checked = !this.hidden.has(layer.name);
    box.addEventListener("change", () => this.turn(layer.name, box.checked));
    return element("label", {}, box, element("span", { class: `abcd-key abcd-key-${layer.style}`, "aria-hidden": "true" }), layer.title);
  }

  turn(name, on) {
    if (on) this.hidden.delete(name);
    else this.hidden.add(name);
    this.onturn?.();
  }

  isHidden(name) {
    return this.hidden.has(name);
  }

  busy(layer, on) {
    if (layer.style === "asset") this.canvas.setAttribute("aria-busy", String(on));
  }

  loaded(layer, features) {
    if (layer.style !== "asset") return;
    this.busy(layer, false);
    const count = features.reduce((sum, { properties }) => sum + (properties.cluster ? properties.count : 1), 0);
    const { words, language } = this.options;
    this.say(count ? words.shown.replace("{n}", new Intl.NumberFormat(language).format(count)) : words.nothing);
  }

  failed(layer) {
    this.busy(layer, false);
    if (layer.style === "asset") this.say(this.options.words.failed);
  }

  say(sentence) {
    if (this.line.textContent !== sentence) this.line.textContent = sentence;
  }

  remove() {
    this.whole.remove();
  }
}
