/**
 * What a shared map gains with a script: filters that apply at once, a map beside the list that moves with it, and a panel
 * for each asset. Everything works without: forms, links and pages are the server's own, and what is fetched here is a
 * part of the same pages. Nothing that a person typed is parsed as HTML here.
 */
import { List } from "./shared/list.js";
import { Panel } from "./shared/panel.js";
import { Beside } from "./shared/beside.js";

const results = document.getElementById("results");
const beside = new Beside(document.getElementById("map"));
const panel = new Panel(document.getElementById("panel"), results, beside);
const list = results && new List(results, beside, panel);

beside.onchosen = (id) => panel.openAsset(id);
beside.onpointed = (id) => list?.point(id);
addEventListener("popstate", () => {
  if (panel.isAddress(location.pathname)) panel.open(location.href, { push: false });
  else if (list) goBack();
  else location.reload();
});

/** Back on the list: where one was in it, when it is still the same one. */
function goBack() {
  panel.close();
  if (list.address !== location.href) list.load(location.href, { push: false });
}

document.documentElement.classList.add("has-script");
performance.mark("abcd-list");
beside.start();
