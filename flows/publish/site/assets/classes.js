// Classes of a map, as the pages made without a script have them: each with as many territories as ties allow.
export function quantiles(values, count = 5) {
  const ordered = [...values].sort((one, other) => one - other), size = ordered.length;
  if (!size) return null;
  const cuts = Array.from({ length: count - 1 }, (_, each) => ordered[Math.ceil(size * (each + 1) / count) - 1]);
  const bounds = [...new Set(cuts.filter((cut) => cut < ordered.at(-1)))];
  const edges = [ordered[0], ...bounds, ordered.at(-1)];
  return {
    number: (value) => { const found = bounds.findIndex((bound) => value <= bound); return found < 0 ? bounds.length : found; },
    ranges: edges.slice(0, -1).map((edge, each) => [edge, edges[each + 1]]),
  };
}
