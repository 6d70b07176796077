// A territory: its lines from the API, on a commune's page all of it; and what one can take away.
import { LANGUAGE, ROOT, counted, fill, folder, make, ordinal, pageOf, read, readIndicators, readWords, tell } from "./page.js";

/** One cell of a column that holds a list, or the same for all. */
const at = (column, place) => (Array.isArray(column) ? column[place] ?? null : column ?? null);

/** A string of letters, a row each; or the list of them. */
const lettersOf = (column, place) => (Array.isArray(column) ? column[place] : column) ?? "";

/** The territory *id* of a file of the API, whose columns hold all of its territories. */
export function pick(file, id) {
  const ids = [file.territories.territory_id].flat();
  const place = Math.max(0, ids.indexOf(id));
  const identity = Object.fromEntries(Object.entries(file.territories).map(([name, column]) => [name, at(column, place)]));
  const { series, comparisons } = file;
  const lines = series.indicator.map((indicator, number) => {
    const values = series.values[number]?.[place] ?? null;
    const periods = series.periods[number];
    return {
      indicator, periods,
      values: periods.map((_, each) => values?.[each] ?? null),
      statuses: lettersOf(series.statuses[number], place),
      rank: comparisons.level_rank[number]?.[place] ?? null,
      count: comparisons.level_count[number],
      quartile: Number(comparisons.level_quartile[number]?.[place]) || null,
      compared: comparisons.period[number],
    };
  }).map(trim).filter((line) => line.periods.length);
  const similar = file.similar_territories?.similar_ids?.[place] ?? [];
  return { id, level: file.level, identity, lines, similar, scores: file.barometer_scores, targets: file.targets };
}

/** Without the periods at which this territory has no observation. */
function trim(line) {
  const kept = line.periods.map((_, each) => each).filter((each) => line.statuses[each] && line.statuses[each] !== "-");
  const take = (list) => kept.map((each) => list[each]);
  return { ...line, periods: take(line.periods), values: take(line.values), statuses: take([...line.statuses]).join("") };
}

/** The path of a series, as the pages made without a script have it. */
export function sparkline(periods, values) {
  const known = values.filter((value) => value !== null);
  if (known.length < 3) return "";
  const moments = periods.every((period) => /^\d+$/.test(period)) ? periods.map(Number) : periods.map((_, number) => number);
  const low = Math.min(...known), spread = Math.max(...known) - low, first = moments[0], length = moments.at(-1) - first || 1;
  let pen = "M", told = "";
  values.forEach((value, number) => {
    if (value === null) { pen = "M"; return; }
    told += `${pen}${Math.round(2 + (moments[number] - first) / length * 76)} ${spread ? Math.round(18 - (value - low) / spread * 16) : 10}`;
    pen = "L";
  });
  return told;
}

/** The first and the last value that the small drawing shows. */
function trendOf({ periods, values }, decimals, words) {
  const known = periods.map((_, each) => each).filter((each) => values[each] !== null), [first, last] = [known[0], known.at(-1)];
  return fill(words.territory.trend_told, { first_period: periods[first], first: tell(values[first], decimals), last_period: periods[last], last: tell(values[last], decimals) });
}

const newest = (line) => ({ period: line.periods.at(-1), value: line.values.at(-1), status: line.statuses.at(-1) });

/** What stands around the territory, from the nearest out: id, name and newest values of each. */
export async function readAround(identity) {
  const ids = [identity.departement_id, identity.region_id, identity.country_id].filter(Boolean);
  const found = await Promise.all(ids.map((id) => read(`assets/around/${folder(id)}.json`).then((body) => ({ id, ...body })).catch(() => null)));
  return found.filter(Boolean);
}

/** The bodies of the table of indicators: a group for each theme. */
function bodies(territory, indicators, words, around, columns) {
  const themes = Map.groupBy(territory.lines.filter((line) => indicators[line.indicator]), (line) => indicators[line.indicator].theme);
  const order = [...new Set(Object.values(indicators).map((each) => each.theme))].filter((theme) => themes.has(theme));
  return order.map((theme) => make("tbody", {},
    make("tr", { class: "group" }, make("th", { scope: "rowgroup", colspan: columns }, theme)),
    themes.get(theme).map((line) => row(line, indicators[line.indicator], words, around, columns))));
}

function row(line, indicator, words, around, columns) {
  const { period, value, status } = newest(line), path = sparkline(line.periods, line.values);
  const address = new URL(`${LANGUAGE}/${words.paths.indicator}/${line.indicator}/`, ROOT).href;
  const ranked = line.rank !== null && line.count > 1 && line.compared === period;
  const others = around.map((each) => {
    const [when, known] = each.values[line.indicator] ?? [];
    return make("td", {}, when === period ? tell(known, indicator.decimals) : "–");
  });
  while (others.length < columns - 4) others.push(make("td", {}, "–"));
  return make("tr", {},
    make("th", { scope: "row" }, make("a", { href: address }, indicator.title)),
    make("td", {}, value === null ? null : [make("b", {}, tell(value, indicator.decimals)), " "],
      make("small", {}, value === null ? period : `${indicator.unit}, ${period}`),
      status === "A" ? null : [" ", make("i", {}, words.statuses[status])]),
    make("td", {}, path ? make("svg", { viewBox: "0 0 80 20", role: "img", "aria-label": trendOf(line, indicator.decimals, words) }, make("path", { d: path })) : null),
    make("td", {}, ranked ? [fill(words.territory.rank, { rank: ordinal(line.rank), count: tell(line.count) }),
      line.quartile ? [" ", make("small", { class: `k${line.quartile}` }, fill(words.territory.quarter, { rank: ordinal(line.quartile) }))] : null] : null),
    others);
}

/** The buttons and addresses with which one takes *page* away; what makes a table of it is loaded when it is asked for. */
function addTaking(section, page) {
  const files = section.querySelector(".files"), { words, territory } = page;
  const take = (kind) => async () => (await import("./taking.js")).takeAway(kind, page);
  for (const kind of ["XLSX", "CSV"]) files.prepend(make("button", { type: "button", on: { click: take(kind) } }, kind));
  files.append(make("button", { type: "button", on: { click: () => print() } }, words.site.print));
  addSharing(section, words, territory.identity.name);
}

function addSharing(section, words, name) {
  const address = location.href.split(/[?#]/)[0];
  const code = make("iframe", { src: `${address}?embed=1`, title: name, width: "100%", height: "600", loading: "lazy" }).outerHTML;
  const field = (label, value) => {
    const input = make("input", { type: "text", readonly: true, value, class: "code", "aria-label": label });
    const status = make("span", { role: "status" });
    const copy = make("button", { type: "button", "aria-label": `${words.territory.copy} – ${label}`, on: { click: async () => {
      input.select();
      await navigator.clipboard?.writeText(value).catch(() => {});
      status.textContent = ` ${words.territory.copied}`;
    } } }, words.territory.copy);
    return make("div", { class: "field" }, make("span", {}, label), input, copy, status);
  };
  section.append(make("h3", {}, words.territory.share), field(words.territory.address, address), field(words.territory.embed, code));
}

/** On a page made without a script: the lines that it left out, and what one can take away. */
async function complete() {
  const link = document.querySelector('link[type="application/json"]'), section = document.querySelector(".take");
  if (!link || !section) return;
  const [file, words, indicators] = await Promise.all([fetch(link.href).then((reply) => reply.json()), readWords(), readIndicators()]);
  const id = [file.territories.territory_id].flat()[0], territory = pick(file, id);
  const table = document.querySelector("table.lines"), medians = JSON.parse(table.dataset.medians ?? "{}");
  if (territory.level === "epci") {
    const around = await readAround(territory.identity), columns = table.tHead.rows[0].cells.length;
    const hasSimilar = columns - 4 > around.length;
    for (const body of [...table.tBodies]) body.remove();
    table.append(...bodies(territory, indicators, words, around, columns));
    if (hasSimilar) {
      const shown = territory.lines.filter((line) => indicators[line.indicator]);
      for (const each of table.querySelectorAll("tbody a")) {
        const { indicator } = shown.find((line) => each.pathname.endsWith(`/${line.indicator}/`));
        each.closest("tr").lastElementChild.textContent = tell(medians[indicator], indicators[indicator].decimals);
      }
    }
  }
  addTaking(section, { territory, indicators, words, medians, profiles: document.querySelector(".scores")?.dataset.profiles.split(" ") });
}

/** The id of the territory whose page is at an address. */
const idOf = ({ pathname }) => decodeURIComponent(pathname.split("/").filter((part) => part && part !== "index.html").at(-1));

/** A commune's page: the frame of the list of territories, then everything from the files. */
export async function drawCommune(group) {
  const id = idOf(location);
  const words = await readWords(), t = words.territory;
  document.body.className = "drawn";
  try {
    const [file, indicators] = await Promise.all([read(`api/v1/communes/${group}.json`), readIndicators(), drawFrame(words)]);
    const territory = pick(file, id), around = await readAround(territory.identity);
    const { former } = around[0] ?? await read("assets/around/FRA.json"), page = { territory, indicators, words, around, former: former[codeOf(id)] ?? {} };
    document.querySelector("main").replaceChildren(...content(page, group));
    addTaking(document.querySelector(".take"), page);
  } catch (error) {
    const main = document.querySelector("main") ?? document.body.appendChild(make("main"));
    main.replaceChildren(make("h1", {}, document.title), make("p", { role: "alert" }, t.failed), make("p", {}, make("a", { href: `../${group}/` }, group)));
    throw error;
  }
}

/** Header and footer are those of the page above. */
async function drawFrame(words) {
  const above = new URL(`${LANGUAGE}/${words.paths.territory}/`, ROOT);
  const page = new DOMParser().parseFromString(await (await fetch(above)).text(), "text/html");
  for (const link of page.querySelectorAll("a[href], form[action]")) {
    const name = link.tagName === "FORM" ? "action" : "href";
    if (!link.getAttribute(name).startsWith("#")) link.setAttribute(name, new URL(link.getAttribute(name), above).href);
  }
  const parts = [page.querySelector(".skip"), page.querySelector("header"), make("main", { id: "main" }, make("p", { role: "status" }, words.territory.loading)), page.querySelector("footer")];
  document.body.replaceChildren(...parts.map((part) => document.adoptNode(part)));
  const tongue = document.querySelector(".tongue"), { href } = page.querySelector("link[rel=canonical]");
  document.head.append(make("link", { rel: "canonical", href: new URL(`${idOf(location)}/`, href).href }));
  tongue.href = new URL(`${idOf(location)}/`, tongue.href);
  await import("./site.js");
}

function content(page, group) {
  const { territory, indicators, words, around } = page, { identity, id } = territory, t = words.territory, title = identity.name;
  document.title = `${title} – Jalon`;
  const crumb = (each, name) => make("li", {}, make("a", { href: pageOf(words, each) }, name ?? each));
  const parents = [[identity.country_id, around.at(-1)?.name], [identity.region_id, around.at(-2)?.name], [identity.departement_id, around.at(-3)?.name], [identity.epci_id, around[0]?.files[identity.epci_id]]].filter(([each]) => each);
  const heads = [t.indicator, t.value, t.trend, t.rank_head, ...around.map((each) => each.name)];
  return [
    make("nav", { class: "crumbs", "aria-label": words.site.breadcrumb }, make("ol", {}, parents.map(([each, name]) => crumb(each, name)), make("li", { "aria-current": "page" }, title))),
    make("div", { class: "title" },
      make("div", {},
        make("p", { class: "kind" }, words.levels[territory.level] ?? words.levels.commune),
        make("h1", {}, title),
        make("p", { class: "lead" }, identity.population ? `${counted(t.population, identity.population)} · ` : "", fill(t.code, { code: codeOf(id) })),
        formerCommunes(page.former, `${title} (${codeOf(id)})`, t)),
      located(identity, around[0], words)),
    make("section", { "aria-labelledby": "indicators" }, make("h2", { id: "indicators" }, t.indicators),
      make("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "indicators" },
        make("table", { class: "lines" }, make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))), bodies(territory, indicators, words, around, heads.length))),
      make("p", { class: "note" }, t.rank_note)),
    make("div", { class: "columns" },
      territory.similar.length ? similarSection(page) : null,
      make("section", { class: "take", "aria-labelledby": "download" }, make("h2", { id: "download" }, t.download), make("p", { class: "note" }, t.download_note, " ", t.download_shard),
        make("p", { class: "files" }, make("a", { href: new URL(`api/v1/communes/${group}.json`, ROOT).href }, "JSON")))),
  ];
}

/** What was a commune and lies in this one now; first the one whose page was asked for. */
function formerCommunes(former, title, t) {
  const code = new URLSearchParams(location.search).get("was"), was = former[code], names = Object.values(former);
  return [was && make("p", { class: "warn", role: "status" }, fill(t.vanished, { name: `${was} (${code})` }), " ", title, "."),
    names.length > 0 && make("p", { class: "note" }, fill(t.former, { names: names.join(", ") }))];
}

const codeOf = (id) => id.split("-").slice(1).join("-");

/** Where a commune lies: a dot in its département, on the map of its région. */
function located(identity, nearest, words) {
  const [, x, y] = nearest?.communes?.[codeOf(identity.territory_id)] ?? [];
  if (x === undefined) return null;
  const drawn = (level, name, given) => make("use", { class: given, href: new URL(`assets/maps/${level}.svg#${name}`, ROOT).href });
  return make("svg", { class: "map here", viewBox: nearest.box, role: "img", "aria-label": fill(words.map.located, { name: identity.name }) },
    drawn("region", "all", "ground"), drawn("departement", folder(identity.departement_id), "around"), make("circle", { cx: x, cy: y, r: 3 }));
}

/** Similar communes lie anywhere: the file of each is told by that of its département, which its code begins with. */
async function readSimilar(id) {
  const code = codeOf(id), length = code.startsWith("97") ? 3 : 2;
  const { communes } = await read(`assets/around/DEP-${code.slice(0, length)}.json`);
  return pick(await read(`api/v1/communes/${folder(communes[code][0])}.json`), id);
}

/** The middle of the values of an indicator at one period; null if there is none. */
function medianOf(territories, { indicator, periods }) {
  const values = territories.flatMap(({ lines }) => lines.filter((line) => line.indicator === indicator)
    .map((line) => line.values[line.periods.indexOf(periods.at(-1))])).filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  const half = values.length / 2;
  return values.length ? (values[Math.ceil(half) - 1] + values[Math.floor(half)]) / 2 : null;
}

/** A column of the table, and of what is taken away: the median of each indicator among *territories*. */
function addMedians(page, territories) {
  const { territory, indicators, words } = page, table = document.querySelector("table.lines");
  page.medians = Object.fromEntries(territory.lines.map((line) => [line.indicator, medianOf(territories, line)]));
  table.tHead.rows[0].append(make("th", { scope: "col" }, words.territory.similar_head));
  for (const group of table.querySelectorAll(".group th")) group.colSpan += 1;
  for (const link of table.querySelectorAll("tbody a")) {
    const name = link.pathname.split("/").filter(Boolean).at(-1);
    link.closest("tr").append(make("td", {}, tell(page.medians[name], indicators[name].decimals)));
  }
}

/** Those most like it, and their medians: their files are loaded when they are asked for. */
function similarSection(page) {
  const { territory, words } = page, { id, similar } = territory, t = words.territory, list = make("ul", { class: "plain" });
  const show = async () => {
    if (list.hasChildNodes()) return;
    list.append(make("li", { role: "status" }, t.loading));
    const found = (await Promise.all(similar.map((each) => readSimilar(each).catch(() => null)))).filter(Boolean);
    list.replaceChildren(...found.map((each) => make("li", {}, make("a", { href: pageOf(words, each.id) }, each.identity.name))));
    addMedians(page, found);
  };
  const compared = new URL(`${LANGUAGE}/${words.paths.compare}/?t=${[id, ...similar.slice(0, 3)].join(",")}`, ROOT).href;
  return make("section", { "aria-labelledby": "similar" }, make("h2", { id: "similar" }, t.similar), make("p", { class: "note" }, t.similar_note),
    make("details", { on: { toggle: show } }, make("summary", {}, t.show_similar), list), make("p", {}, make("a", { href: compared }, t.compare)));
}

if (document.querySelector("link[rel=canonical]")) complete();
