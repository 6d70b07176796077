// The list of releases stands beside the releases, not in them: it is read where it is served.
import { LANGUAGE, make, readWords } from "./page.js";

const place = document.querySelector("#releases-list");
if (place) {
  const words = await readWords(), list = make("div");
  const open = async () => { if (!list.hasChildNodes()) list.append(await releasesOf(place.dataset.index, words)); };
  place.append(make("details", { on: { toggle: open } }, make("summary", {}, words.data.all_releases), list));
}

async function releasesOf(address, words) {
  const t = words.data, reply = await fetch(address).catch(() => null);
  if (!reply?.ok) return make("p", { role: "alert" }, t.no_releases);
  const { releases } = await reply.json();
  const row = (each) => make("tr", {}, make("th", { scope: "row" }, each.version), make("td", {}, each.name), make("td", {}, (each.summary?.[LANGUAGE] ?? []).join(" ")));
  return make("table", {}, make("caption", {}, t.releases), make("thead", {}, make("tr", {}, [t.version, t.released, t.changes].map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, releases.filter((each) => !each.removed).map(row)));
}
