// The list of releases stands beside the releases, not in them: it is read where it is served.
import { LANGUAGE, ROOT, fill, make, readWords } from "./page.js";

const place = document.querySelector("#releases-list");
// This release is served at its own address, releases/<name>/, or as the latest.
const beside = new URL(/\/releases\/[^/]+\/$/.test(ROOT.pathname) ? "../" : "../releases/", ROOT);
if (place) {
  const words = await readWords(), list = make("div");
  const open = async () => { if (!list.hasChildNodes()) list.append(await releasesOf(words)); };
  place.append(make("details", { on: { toggle: open } }, make("summary", {}, words.data.all_releases), list));
}

async function releasesOf(words) {
  const t = words.data, reply = await fetch(new URL("index.json", beside)).catch(() => null);
  if (!reply?.ok) return make("p", { role: "alert" }, t.no_releases);
  const { releases } = await reply.json();
  const row = (each) => make("tr", {}, make("th", { scope: "row" }, make("a", { href: new URL(`${each.name}/${LANGUAGE}/`, beside).href }, each.version)), make("td", {}, each.name),
    make("td", {}, each.withdrawn ? make("strong", {}, fill(t.withdrawn, { reason: each.withdrawn }), " ") : null, (each.summary?.[LANGUAGE] ?? []).join(" ")));
  return make("div", {},
    make("table", {}, make("caption", {}, t.releases), make("thead", {}, make("tr", {}, [t.version, t.released, t.changes].map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, releases.filter((each) => !each.removed).map(row))),
    make("p", {}, make("a", { href: new URL("feed.atom", beside).href, type: "application/atom+xml" }, t.releases_feed)));
}
