// Compare: up to six territories and any indicators; the address holds the choice, so that it can be shared.
import { LANGUAGE, ROOT, fill, folder, make, pageOf, read, readIndicators, readWords, save, tell } from "./page.js";
import { openSearch } from "./search.js";
import { pick } from "./territory.js";
import { asCsv } from "./table.js";

const MOST = 6;
const LEVEL_OF = { FRA: "country", REG: "region", DEP: "departement", EPCI: "epci", COM: "commune" };
const words = await readWords(), indicators = await readIndicators(), t = words.compare;
const place = document.querySelector("#compare");
const asked = new URLSearchParams(location.search);
const chosen = new Map();
const listed = (name) => (asked.get(name) ?? "").split(",").filter(Boolean);
const picked = new Set(listed("i").filter((id) => indicators[id]));
const drawn = new Set();
let theme = asked.get("theme") ?? "";

const levelOf = (id) => LEVEL_OF[id.split("-")[0]] ?? "zone";
const byTheme = Map.groupBy(Object.entries(indicators), ([, each]) => each.theme);
const option = (value, told) => make("option", { value }, told);
const options = () => [...byTheme].map(([name, list]) => { const group = make("optgroup", { label: name }); group.append(...list.map(([id, each]) => option(id, each.title))); return group; });
const select = (label, children, value) => { const field = make("select", {}, children); if ([...field.options].some((each) => each.value === value)) field.value = value; return [make("label", {}, label, " ", field), field]; };

/** The file of the API that has a territory; of a commune, that of its group, which a stub names. */
async function readTerritory(id) {
  if (levelOf(id) !== "commune") return pick(await read(`api/v1/territories/${folder(id)}.json`), id);
  const stub = new DOMParser().parseFromString(await (await fetch(pageOf(words, id))).text(), "text/html");
  return pick(await read(`api/v1/communes/${stub.querySelector("a").textContent}.json`), id);
}

/** Say what is not added, and why: the page is full, or an address names what is not there. */
async function add(id, name = id) {
  if (chosen.has(id)) return;
  if (chosen.size >= MOST) { notice.textContent = fill(t.full, { name }); return; }
  try { chosen.set(id, await readTerritory(id)); } catch { notice.textContent = fill(t.unknown, { name }); }
}

const searchFor = (label) => make("form", { class: "search", role: "search" }, make("input", { type: "search", "aria-label": label, placeholder: label, autocomplete: "off" }));
const chips = make("ul", { class: "chips", "aria-label": t.chosen }), pickedChips = make("ul", { class: "chips", "aria-label": t.indicators });
const form = searchFor(t.add), indicatorForm = searchFor(t.add_indicator), notice = make("p", { class: "warn", role: "status" });
const [themeLabel, themeField] = select(t.theme, [option("", t.all_themes), ...[...byTheme.keys()].map((name) => option(name, name))], theme);
const table = make("table"), lines = make("div"), scatter = make("div");
const empty = make("p", { class: "note" }, t.empty);
const firstNames = [...Object.keys(indicators)];
const [chartLabel, chartField] = select(t.chart_of, options(), asked.get("line") ?? (indicators.population ? "population" : firstNames[0]));
const [xLabel, xField] = select(t.x, options(), asked.get("x") ?? (indicators.population_density ? "population_density" : firstNames[0]));
const [yLabel, yField] = select(t.y, options(), asked.get("y") ?? (indicators.women_councillors_share ? "women_councillors_share" : firstNames.at(-1)));
const [levelLabel, levelField] = select(words.indicator.level, ["epci", "departement", "region"].map((each) => option(each, words.levels_plural[each])), asked.get("level") ?? "departement");
const status = make("p", { role: "status", class: "away" });

place.append(
  make("div", { class: "field" }, form, make("small", {}, t.limit)), notice, chips, empty, status,
  make("section", { "aria-labelledby": "table" }, make("h2", { id: "table" }, t.table), make("div", { class: "field" }, indicatorForm, themeLabel), pickedChips,
    make("div", { class: "scroll", tabindex: 0, role: "group", "aria-labelledby": "table" }, table),
    make("p", { class: "files" }, make("button", { type: "button", on: { click: download } }, t.download))),
  make("section", { "aria-labelledby": "lines" }, make("h2", { id: "lines" }, t.chart), make("div", { class: "field" }, chartLabel, make("button", { type: "button", on: { click: () => draw("lines") } }, t.draw)), lines),
  make("section", { "aria-labelledby": "scatter" }, make("h2", { id: "scatter" }, t.scatter), make("div", { class: "field" }, levelLabel, xLabel, yLabel, make("button", { type: "button", on: { click: () => draw("scatter") } }, t.draw)), scatter));

openSearch(form, async (entry, input) => { input.value = notice.textContent = ""; await add(entry.id, entry.name); show(); }, (entry) => entry.path.includes(`/${words.paths.territory}/`));
openSearch(indicatorForm, (entry, input) => { input.value = ""; picked.add(entry.id); show(); }, (entry) => entry.path.includes(`/${words.paths.indicator}/`));
themeField.addEventListener("change", () => { theme = themeField.value; show(); });

const newestOf = (territory, indicator) => {
  const line = territory.lines.find((each) => each.indicator === indicator);
  return line ? { period: line.periods.at(-1), value: line.values.at(-1), status: line.statuses.at(-1) } : null;
};

/** Of the indicators that were picked; where none was, of the theme. */
function rows() {
  const shown = picked.size ? [...picked].map((id) => [id, indicators[id]]) : [...byTheme].filter(([name]) => !theme || name === theme).flatMap(([, list]) => list);
  return shown
    .map(([id, each]) => [id, each, [...chosen.values()].map((territory) => newestOf(territory, id))])
    .filter(([id, , cells]) => picked.has(id) || cells.some(Boolean));
}

/** The chosen ones, each with a button that takes it away. */
const chipsOf = (told, forget) => told.map(([id, name]) => make("li", {}, name, " ",
  make("button", { type: "button", "aria-label": fill(t.remove, { name }), on: { click: () => { forget.delete(id); notice.textContent = ""; show(); } } }, "×")));

function show() {
  const names = [...chosen.values()].map((territory) => territory.identity.name);
  chips.replaceChildren(...chipsOf([...chosen].map(([id, { identity }]) => [id, identity.name]), chosen));
  pickedChips.replaceChildren(...chipsOf([...picked].map((id) => [id, indicators[id].title]), picked));
  chips.hidden = !names.length;
  pickedChips.hidden = !(themeLabel.hidden = picked.size > 0);
  notice.hidden = !notice.textContent;
  empty.hidden = names.length > 0;
  table.replaceChildren(make("caption", {}, names.join(", ")), make("thead", {}, make("tr", {}, make("th", { scope: "col" }, words.territory.indicator),
    [...chosen].map(([id, territory]) => make("th", { scope: "col", class: "n" }, make("a", { href: pageOf(words, id) }, territory.identity.name))))),
  make("tbody", {}, rows().map(([id, each, cells]) => make("tr", {},
    make("th", { scope: "row" }, make("a", { href: new URL(`${LANGUAGE}/${words.paths.indicator}/${id}/`, ROOT).href }, each.title), make("br"), make("small", {}, each.unit)),
    cells.map((cell) => make("td", { class: "n" }, !cell ? "–" : cell.value === null ? words.statuses[cell.status] : tell(cell.value, each.decimals), cell ? [" ", make("small", {}, cell.period)] : null))))));
  status.textContent = `${t.chosen}${words.colon}${names.join(", ")}`;
  tellAddress();
  for (const each of drawn) if (chosen.size || each === "scatter") draw(each);
}

/** The address of the page as it is now: who opens it sees the same. */
function tellAddress() {
  const told = {
    t: [...chosen.keys()].join(","), i: [...picked].join(","), theme: picked.size ? "" : theme, line: drawn.has("lines") && chartField.value,
    ...(drawn.has("scatter") && { level: levelField.value, x: xField.value, y: yField.value }),
  };
  const address = new URL(location.href);
  address.search = new URLSearchParams(Object.entries(told).filter(([, value]) => value));
  history.replaceState(null, "", address);
}

/** Draw the `lines` or the `scatter`, now and whenever the choice changes. */
async function draw(name) {
  drawn.add(name);
  tellAddress();
  await { lines: drawLines, scatter: drawScatter }[name]();
}

function download() {
  const head = ["indicator", "title", "unit", "territory_id", "territory", "period", "value", "obs_status"];
  const told = rows().flatMap(([id, each, cells]) => cells.map((cell, number) => {
    const territory = [...chosen.values()][number];
    return cell && [id, each.title, each.unit, territory.id, territory.identity.name, cell.period, cell.value, cell.status];
  }).filter(Boolean));
  save("jalon.csv", "text/csv;charset=utf-8", asCsv([head, ...told]));
}

const COLOURS = ["#0f5468", "#c2620a", "#6b4c9a", "#3d7f3f", "#a3324b", "#5d686f"];
const DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3]];
const STYLE = { config: { font: "system-ui, sans-serif", view: { stroke: null }, axis: { labelColor: "#4c5b66", titleColor: "#4c5b66", titleFontWeight: "normal", gridColor: "#e6e8e4" }, legend: { labelLimit: 240, title: null } }, background: "transparent", height: 320 };

/** Vega draws in a figure; the table below says the same. */
async function chart(target, spec, head, body, caption) {
  const { drawChart } = await import("./chart.js"), drawn = make("div", { class: "chart", role: "img", "aria-label": caption });
  target.replaceChildren(make("figure", {}, drawn, make("figcaption", { class: "note" }, caption)),
    make("details", {}, make("summary", {}, t.values), make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": t.values }, make("table", {}, make("caption", {}, caption), make("thead", {}, make("tr", {}, head.map((each) => make("th", { scope: "col" }, each)))),
      make("tbody", {}, body.map((row) => make("tr", {}, row.map((cell, number) => (number ? make("td", { class: "n" }, cell) : make("th", { scope: "row" }, cell))))))))));
  await drawChart(drawn, spec);
}

async function drawLines() {
  const id = chartField.value, each = indicators[id], names = [...chosen.values()].map((territory) => territory.identity.name);
  const values = [...chosen.values()].flatMap((territory) => {
    const line = territory.lines.find((one) => one.indicator === id);
    return (line?.periods ?? []).map((period, number) => ({ territory: territory.identity.name, period, value: line.values[number] }));
  });
  const scale = (range) => ({ domain: names, range: range.slice(0, names.length) });
  await chart(lines, { ...STYLE, data: { values }, mark: { type: "line", point: true, strokeWidth: 2 }, encoding: {
    x: { field: "period", type: "ordinal", title: null, axis: { labelAngle: 0, labelOverlap: true } },
    y: { field: "value", type: "quantitative", title: each.unit, scale: { zero: false } },
    color: { field: "territory", type: "nominal", scale: scale(COLOURS) }, strokeDash: { field: "territory", type: "nominal", scale: scale(DASHES) } } },
  [words.territory.period, t.chosen, words.territory.value], values.map((row) => [row.period, row.territory, tell(row.value, each.decimals)]), each.title);
}

async function drawScatter() {
  const level = levelField.value, [x, y, names] = await Promise.all([read(`assets/values/${xField.value}.json`), read(`assets/values/${yField.value}.json`), read("assets/names.json")]);
  const [one, other] = [indicators[xField.value], indicators[yField.value]];
  const found = new Map((y[level]?.ids ?? []).map((id, number) => [id, y[level].values[number]]));
  const values = (x[level]?.ids ?? []).map((id, number) => ({ name: names[level][id] ?? id, x: x[level].values[number], y: found.get(id) ?? null, chosen: chosen.has(id) })).filter((row) => row.x !== null && row.y !== null);
  const axis = (field, each) => ({ field, type: "quantitative", title: `${each.title} (${each.unit})`, scale: { zero: false } });
  const encoding = { x: axis("x", one), y: axis("y", other) }, marked = { filter: "datum.chosen" };
  await chart(scatter, { ...STYLE, height: 420, data: { values }, layer: [
    { mark: { type: "point", filled: true, size: 28, opacity: 0.45, color: "#35809a" }, encoding: { ...encoding, tooltip: [{ field: "name", title: words.levels[level] }, { field: "x", title: one.title }, { field: "y", title: other.title }] } },
    { transform: [marked], mark: { type: "point", filled: true, shape: "diamond", size: 160, color: "#8a3b12", opacity: 1 }, encoding },
    { transform: [marked], mark: { type: "text", dy: -14, fontWeight: "bold", color: "#16232d" }, encoding: { ...encoding, text: { field: "name" } } }] },
  [words.levels[level], one.title, other.title], [...values].sort((a, b) => b.chosen - a.chosen || b.x - a.x).map((row) => [row.name, tell(row.x, one.decimals), tell(row.y, other.decimals)]),
  `${fill(t.scatter_note, { level: words.levels[level].toLowerCase() })}${[...chosen.keys()].some((id) => levelOf(id) !== level) ? ` ${t.not_at_level}` : ""}`);
}

if (asked.has("line")) drawn.add("lines");
if (asked.has("x") && asked.has("y")) drawn.add("scatter");
for (const id of listed("t")) await add(id);
show();
