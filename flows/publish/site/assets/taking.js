// What one takes away of a territory: what its page shows, as one table, in CSV or XLSX.
import { LANGUAGE, save } from "./page.js";
import { asCsv, asXlsx } from "./table.js";
import { readAround } from "./territory.js";

const HEAD = ["territory_id", "indicator", "title", "unit", "period", "value", "obs_status", "level_rank", "level_count", "level_quartile", "rank_low", "rank_high"];
const OF_TARGETS = ["target", "target_value", "target_period", "target_status", "pace_per_year", "required_pace_per_year"];

/** Save *page* in a *kind* of file. */
export async function takeAway(kind, page) {
  const rows = rowsOf({ ...page, around: page.around ?? await readAround(page.territory.identity) }), { id } = page.territory;
  if (kind === "CSV") save(`${id}.csv`, "text/csv;charset=utf-8", asCsv(rows));
  else save(`${id}.xlsx`, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", asXlsx(rows));
}

/** One row per observation, score of a barometer and target; a column for each territory that it is compared with. */
function rowsOf(page) {
  const head = [...HEAD, ...page.around.map(({ id }) => id), "similar_median", ...OF_TARGETS];
  const told = [...observations(page), ...scores(page), ...targets(page)];
  return [head, ...told.map((row) => head.map((name) => (name === "territory_id" ? page.territory.id : row[name] ?? null)))];
}

/** The newest one has its rank, and the others' values of its period. */
function observations({ territory, indicators, around, medians }) {
  return territory.lines.filter(({ indicator }) => indicators[indicator]).flatMap((line) => {
    const { title, unit } = indicators[line.indicator], newest = line.periods.at(-1);
    return line.periods.map((period, each) => ({
      indicator: line.indicator, title, unit, period, value: line.values[each], obs_status: line.statuses[each],
      ...(period === line.compared && { level_rank: line.rank, level_count: line.count, level_quartile: line.quartile }),
      ...(period === newest && { ...compared(around, line.indicator, period), similar_median: medians?.[line.indicator] }),
    }));
  });
}

const compared = (around, indicator, period) => Object.fromEntries(around.map(({ id, values }) => {
  const [when, value] = values[indicator] ?? [];
  return [id, when === period ? value : null];
}));

/** Of the profiles that the page shows. */
function scores({ territory, words, profiles }) {
  const told = territory.scores, titles = { ...words.themes, overall: words.territory.overall };
  return (told?.theme ?? []).map((theme, each) => ({
    indicator: `${told.barometer[each]}/${told.profile[each]}/${theme}`, title: `${words.territory.barometer} – ${titles[theme]}`, unit: "0–100",
    value: told.score?.[each], level_rank: told.rank?.[each], level_count: told.ranked_count?.[each], rank_low: told.rank_low?.[each], rank_high: told.rank_high?.[each],
  })).filter((row) => profiles?.includes(row.indicator.split("/").slice(0, 2).join("/")));
}

function targets({ territory, indicators }) {
  const told = territory.targets;
  return (told?.target ?? []).map((_, each) => ({
    ...Object.fromEntries(["indicator", ...OF_TARGETS].map((name) => [name, told[name]?.[each]])),
    title: told[`title_${LANGUAGE}`][each], unit: indicators[told.indicator[each]]?.unit, period: told.current_period[each], value: told.current_value?.[each],
  }));
}
