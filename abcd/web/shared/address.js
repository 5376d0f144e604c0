/** Between the forms of a shared map and the query of its address; the fields carry the same names in both. */

const FREE = ["q", "theme", "place", "day", "part", "cost", "speaks"];
const KEPT = ["at", "near", "minutes", "category"];

/** The query that the filters ask for now; a postcode that was typed is never part of it. */
export function asked(filters, walk) {
  const given = new FormData(filters);
  const query = new URLSearchParams();
  for (const [name, value] of given) if (value && name !== "minutes") query.append(name, value);
  const minutes = walk?.elements.minutes.value;
  if (query.has("at") && minutes) query.set("minutes", minutes);
  return query;
}

/** What is sent to choose where to walk from: the other filters, and what was typed. */
export function typed(filters, walk) {
  const query = asked(filters, walk);
  const sent = new URLSearchParams();
  for (const name of new Set(query.keys())) if (name !== "lang") sent.set(name, query.getAll(name).join(","));
  sent.set("minutes", walk.elements.minutes.value);
  sent.set("from", walk.elements.from.value);
  return sent;
}

function hidden(form, name, value) {
  let field = form.querySelector(`input[type=hidden][name=${name}]`);
  if (!value) return field?.remove();
  if (!field) form.prepend(field = Object.assign(document.createElement("input"), { type: "hidden", name }));
  field.value = value;
  return field;
}

/** Let the forms say what an address asks, after a filter was taken away or somebody went back. */
export function fill(filters, walk, address) {
  const query = new URL(address, location.href).searchParams;
  const kinds = query.getAll("kind").flatMap((value) => value.split(","));
  for (const name of FREE) {
    const field = filters.elements[name];
    if (field && field !== document.activeElement) field.value = query.get(name) ?? "";
  }
  for (const box of filters.querySelectorAll("[name=kind]")) box.checked = kinds.includes(box.value);
  if (filters.elements.step_free) filters.elements.step_free.checked = query.get("step_free") === "yes";
  for (const name of KEPT) hidden(filters, name, query.get(name));
  if (!walk) return;
  walk.elements.from.value = "";
  walk.elements.from.placeholder = query.get("near") ?? "";
  if (query.has("at")) walk.elements.minutes.value = query.get("minutes") ?? "";
}
