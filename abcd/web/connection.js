/**
 * A banner while the server is away. `watch({ words }, returned)` follows the state that Streamlit writes on its own root
 * element, calls `returned(when)` when the server is there again, and returns what ends the watching. A short gap, as at a change of network, is not worth a word.
 */
const PATIENCE = 800;
const STAYS = 2500;
const STATE = "data-test-connection-state";

class Banner {
  constructor(words, returned) {
    Object.assign(this, { words, returned });
    this.element = Object.assign(document.createElement("div"), { className: "abcd-connection", hidden: true });
    this.element.setAttribute("role", "status");
    document.body.append(this.element);
    this.root = document.querySelector(`[${STATE}]`);
    this.observer = new MutationObserver(() => this.follow());
    if (this.root) this.observer.observe(this.root, { attributes: true, attributeFilter: [STATE] });
  }

  follow() {
    const away = this.root.getAttribute(STATE) !== "CONNECTED";
    if (away === this.away) return;
    this.away = away;
    clearTimeout(this.timer);
    if (away) this.timer = setTimeout(() => this.say("lost"), PATIENCE);
    else if (!this.element.hidden) {
      this.say("back");
      this.returned(Date.now());
    }
  }

  say(what) {
    this.element.textContent = this.words[what];
    this.element.classList.toggle("is-back", what === "back");
    this.element.hidden = false;
    if (what === "back") this.timer = setTimeout(() => { this.element.hidden = true; }, STAYS);
  }

  end() {
    clearTimeout(this.timer);
    this.observer.disconnect();
    this.element.remove();
  }
}

let banner;

export function watch({ words }, returned) {
  if (banner) Object.assign(banner, { words, returned });
  else banner = new Banner(words, returned);
  const mine = banner;
  return () => { mine.end(); if (banner === mine) banner = undefined; };
}
