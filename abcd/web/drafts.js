/**
 * Keeps what is being typed. Streamlit learns of a field's text when the field is left; until then the browser alone
 * knows it, so this sends it to the server: at the latest two seconds after a key, and at once when the page goes away.
 *
 * `keep(options, tell)` watches the fields of one form and promises `{ update(options), stop() }`. `options` carries
 * `form`, `record`, `sitting` and `version` (the writing the server knows of, and what it was made from), `prefix` (how the
 * class names of its fields begin) and `address` (where text is sent).
 * `tell({ key, version })` names the writing once something is typed, so that a server that was started again knows it.
 * Nothing is kept in the browser's own storage: a shared computer must not remember what somebody wrote.
 */
const QUIET = 700;
const AT_MOST = 1800;
const AGAIN = 2000;
/** Browsers keep 64 KiB alive in all. */
const ALIVE = 30000;
const FIELDS = '[data-testid="stTextInput"] input, [data-testid="stTextArea"] textarea, [data-testid="stNumberInput"] input';
const SITTING = /^([0-9a-f]{32}(?:_[0-9a-f]{8})?)-(.+)$/;

/** What a field holds, as the form wants it: a number, text, or null for an empty number. */
function valueOf(field) {
  if (field.type !== "number") return field.value;
  return field.value === "" ? null : Number(field.value);
}

class Keeper {
  constructor(options, tell) {
    Object.assign(this, { tell, waiting: new Map(), versions: new Map(), told: "" });
    this.learn(options);
    this.heard = (event) => this.hear(event.target);
    this.leaving = () => this.send();
    this.hidden = () => document.visibilityState === "hidden" && this.send();
    document.addEventListener("input", this.heard, true);
    document.addEventListener("visibilitychange", this.hidden);
    window.addEventListener("pagehide", this.leaving);
  }

  /** A rerun has come back: text that is still being typed may be newer than what the server kept of its field. */
  update(options) {
    this.learn(options);
    if (this.last === document.activeElement) this.hear(this.last);
  }

  /** Which version of the record a writing was opened at: a server that was started again must not say another. */
  learn(options) {
    this.options = options;
    if (options.sitting) this.versions.set(options.sitting, options.version);
  }

  stop() {
    this.send();
    clearTimeout(this.timer);
    document.removeEventListener("input", this.heard, true);
    document.removeEventListener("visibilitychange", this.hidden);
    window.removeEventListener("pagehide", this.leaving);
  }

  /** The writing and the name of a field of this form; undefined for any other element. */
  named(field) {
    if (!field?.matches?.(FIELDS) || field.type === "password") return undefined;
    const { prefix } = this.options;
    const owner = field.closest(`[class*="${prefix}"]`);
    const rest = [...(owner?.classList ?? [])].find((one) => one.startsWith(prefix))?.slice(prefix.length);
    return SITTING.exec(rest ?? "")?.slice(1);
  }

  hear(field) {
    const named = this.named(field);
    if (!named) return;
    const [sitting, name] = named;
    this.last = field;
    const version = this.versions.get(sitting) ?? this.options.version;
    if (!this.waiting.has(sitting)) this.waiting.set(sitting, { version, values: {} });
    this.waiting.get(sitting).values[name] = valueOf(field);
    this.since ??= Date.now();
    this.plan(Math.max(0, Math.min(QUIET, this.since + AT_MOST - Date.now())));
  }

  plan(after) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), after);
  }

  /** Send what waits; what cannot be sent waits on, and is tried again. */
  async send() {
    clearTimeout(this.timer);
    this.since = undefined;
    const going = [...this.waiting];
    this.waiting.clear();
    const sent = await Promise.all(going.map(([sitting, writing]) => this.post(sitting, writing)));
    going.forEach(([sitting, writing], n) => sent[n] || this.back(sitting, writing));
  }

  /** Whether the server has taken it, or never will: only what may succeed later is tried again. */
  async post(sitting, { version, values }) {
    const { form, record, address } = this.options;
    const body = JSON.stringify({ form, record, sitting, version, values });
    const headers = { "Content-Type": "application/json" };
    try {
      // A page that goes away takes its requests with it, but for those that are kept alive.
      const answer = await fetch(address, { method: "POST", headers, body, keepalive: body.length < ALIVE });
      if (answer.ok) this.name(sitting, version);
      return answer.status < 500 && answer.status !== 429;
    } catch {
      return false;
    }
  }

  back(sitting, writing) {
    const newer = this.waiting.get(sitting);
    this.waiting.set(sitting, newer ? { ...newer, values: { ...writing.values, ...newer.values } } : writing);
    this.plan(AGAIN);
  }

  name(sitting, version) {
    if (this.told === sitting) return;
    this.told = sitting;
    this.tell({ key: sitting, version });
  }
}

export function keep(options, tell) {
  return new Keeper(options, tell);
}
