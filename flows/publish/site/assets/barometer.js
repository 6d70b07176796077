// The barometer weighed anew: scores, ranks and what each goal adds, from the scores by goal.
import { counted, fill, make, ordinal, pageOf, read, readWords, tell } from "./page.js";

const DRAWS = 200, NOISE = 0.25, SHOWN = 100;

/** Weighted means of the themes that a territory has; null where less than half of the weight is known. */
export function weigh(themes, weights, count) {
  const names = Object.keys(themes).filter((name) => weights[name] > 0);
  const whole = names.reduce((sum, name) => sum + weights[name], 0);
  return Array.from({ length: count }, (_, place) => {
    let sum = 0, known = 0;
    for (const name of names) {
      const score = themes[name][place];
      if (score !== null) { sum += weights[name] * score; known += weights[name]; }
    }
    return whole && known >= whole / 2 ? sum / known : null;
  });
}

/** 1 for the highest; equal scores share a rank, as they are shown. */
export function rankOf(scores) {
  const ordered = scores.filter((score) => score !== null).map((score) => Number(score.toFixed(4))).sort((one, other) => other - one);
  const first = new Map();
  ordered.forEach((score, place) => { if (!first.has(score)) first.set(score, place + 1); });
  return scores.map((score) => (score === null ? null : first.get(Number(score.toFixed(4)))));
}

/** The same draws for every reader: a plain generator with a fixed seed (mulberry32). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The 5th and 95th percentiles of each rank when the weights vary. */
export function intervals(themes, weights, count) {
  const draw = generator(2021), seen = Array.from({ length: count }, () => []);
  for (let each = 0; each < DRAWS; each += 1) {
    const noisy = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, weight * (1 + NOISE * (2 * draw() - 1))]));
    rankOf(weigh(themes, noisy, count)).forEach((rank, place) => { if (rank !== null) seen[place].push(rank); });
  }
  return seen.map((ranks) => {
    ranks.sort((one, other) => one - other);
    return ranks.length ? [ranks[Math.floor(0.05 * (ranks.length - 1))], ranks[Math.ceil(0.95 * (ranks.length - 1))]] : null;
  });
}

for (const section of document.querySelectorAll("[data-barometer]")) open(section);

async function open(section) {
  const { barometer, levels } = section.dataset, words = await readWords(), t = words.barometer;
  const names = await read("assets/names.json"), table = section.querySelector(".ranking");
  const profiles = new Map([...section.querySelectorAll("[data-profile]")].map((item) => [item.dataset.profile, {
    title: item.querySelector("strong").textContent,
    weights: Object.fromEntries(item.dataset.weights.trim().split(" ").map((pair) => pair.split(":")).map(([theme, weight]) => [theme, Number(weight)])),
  }]));
  const select = (label, options) => { const field = make("select", {}, options.map(([value, told]) => make("option", { value }, told))); return [make("label", {}, label, " ", field), field]; };
  const [levelLabel, level] = select(words.indicator.level, levels.split(" ").map((each) => [each, words.levels_plural[each]]));
  const [profileLabel, profile] = select(t.profile, [...[...profiles].map(([name, { title }]) => [name, title]), ["own", t.own]]);
  const [shownLabel, shown] = select(t.show, [[SHOWN, fill(t.shown_first, { count: SHOWN })], [Infinity, t.all]]);
  const note = make("p", { class: "note", role: "status" });
  level.value = levels.includes("region") ? "region" : level.value;
  section.querySelector(".sliders").before(make("div", { class: "field" }, levelLabel, profileLabel, shownLabel));
  table.closest(".scroll").before(note);
  const sliders = new Map([...section.querySelectorAll(".sliders [data-theme]")].map((item) => {
    const title = item.querySelector("span").textContent, output = make("output"), why = make("small", { id: `why-${barometer}-${item.dataset.theme}`, hidden: true }, t.no_scores);
    const input = make("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": title, "aria-describedby": why.id });
    item.append(output, input, why);
    input.addEventListener("input", () => { profile.value = "own"; output.value = input.value; show(); });
    return [item.dataset.theme, { input, output, title, why, swatch: item.querySelector("svg") }];
  }));

  const setSliders = (weights) => {
    const most = Math.max(...Object.values(weights));
    for (const [theme, { input, output }] of sliders) output.value = input.value = Math.round((weights[theme] ?? 0) / (most > 100 ? most / 100 : most <= 1 ? 1 / 50 : 1));
  };

  async function show() {
    const data = await read(`assets/barometer/${barometer}-${level.value}.json`), count = data.ids.length;
    for (const [theme, { input, why }] of sliders) why.hidden = !(input.disabled = !(theme in data.themes));
    const own = profile.value === "own", weights = own ? Object.fromEntries([...sliders].map(([theme, { input }]) => [theme, Number(input.value)])) : profiles.get(profile.value).weights;
    const told = data.profiles[profile.value];
    const scores = own ? weigh(data.themes, weights, count) : told.score, ranks = own ? rankOf(scores) : told.rank;
    const ranges = own ? intervals(data.themes, weights, count) : told.rank.map((_, place) => (told.rank_low[place] === null ? null : [told.rank_low[place], told.rank_high[place]]));
    draw(data, weights, scores, ranks, ranges);
    note.textContent = `${counted(t.recomputed, ranks.filter((rank) => rank !== null).length)} ${own ? t.own_interval : t.published_interval}`;
    table.caption.textContent = `${words.levels_plural[level.value]}, ${own ? t.own : profiles.get(profile.value).title}`;
  }

  function draw(data, weights, scores, ranks, ranges) {
    const themes = Object.keys(data.themes), kept = themes.filter((theme) => weights[theme] > 0);
    const heads = [words.territory.rank_head, t.interval, t.territory, words.territory.overall, ...themes.map((theme) => [sliders.get(theme).swatch.cloneNode(true), " ", sliders.get(theme).title]), t.contributions];
    table.tHead.replaceChildren(make("tr", {}, heads.map((head, place) => make("th", { scope: "col", class: place > 2 && place < heads.length - 1 ? "n" : null }, head))));
    const order = data.ids.map((_, place) => place).sort((one, other) => (ranks[one] ?? Infinity) - (ranks[other] ?? Infinity) || (data.ids[one] < data.ids[other] ? -1 : 1));
    table.tBodies[0].replaceChildren(...order.slice(0, Number(shown.value)).map((place) => make("tr", {},
      make("td", {}, ranks[place] === null ? "–" : ordinal(ranks[place])),
      make("td", {}, ranges[place] ? `${ordinal(ranges[place][0])} – ${ordinal(ranges[place][1])}` : ""),
      make("th", { scope: "row" }, make("a", { href: pageOf(words, data.ids[place]) }, names[level.value][data.ids[place]] ?? data.ids[place])),
      make("td", { class: "n" }, tell(scores[place], 1)),
      themes.map((theme) => make("td", { class: "n" }, tell(data.themes[theme][place], 1))),
      make("td", {}, scores[place] === null ? null : mix(data, kept, weights, place)))));
  }

  /** What each goal adds to the score, side by side and in numbers. */
  function mix(data, themes, weights, place) {
    const known = themes.filter((theme) => data.themes[theme][place] !== null), whole = known.reduce((sum, theme) => sum + weights[theme], 0);
    let from = 0;
    const parts = known.map((theme) => [theme, weights[theme] * data.themes[theme][place] / whole]);
    const bars = parts.map(([theme, width]) => { const bar = make("rect", { class: sliders.get(theme).swatch.firstElementChild.getAttribute("class"), x: from, width, height: 8 }); from += width; return bar; });
    return [make("svg", { class: "mix", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" }, bars),
      parts.map(([theme, width]) => [make("span", { class: "part" }, sliders.get(theme).swatch.cloneNode(true), make("span", { class: "away" }, `${sliders.get(theme).title} `), tell(width, 1)), " "])];
  }

  profile.addEventListener("change", () => { if (profile.value !== "own") setSliders(profiles.get(profile.value).weights); show(); });
  for (const field of [level, shown]) field.addEventListener("change", show);
  setSliders([...profiles.values()][0].weights);
  await show();
}
