// The SQL console: DuckDB in the page, shipped with the site, on the Parquet files of the release.
import { ROOT, counted, fill, make, readWords, save, tell } from "./page.js";
import { asCsv } from "./table.js";

const ENGINE = new URL("duckdb-wasm/", import.meta.url);
const SHOWN = 500;
const place = document.querySelector("#console");
if (place) open(place);

let started;

/** The engine is 4 MB: it is fetched with the first query, and once. */
function start(tables) {
  started ??= (async () => {
    await new Promise((done, fail) => {
      const script = make("script", { src: new URL("arrow.js", ENGINE), on: { load: done, error: fail } });
      document.head.append(script);
    });
    const duckdb = await import(new URL("duckdb.mjs", ENGINE));
    const packed = (await fetch(new URL("duckdb-eh.wasm.bin", ENGINE))).body.pipeThrough(new DecompressionStream("gzip"));
    const wasm = URL.createObjectURL(new Blob([await new Response(packed).arrayBuffer()], { type: "application/wasm" }));
    const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(new URL("worker.js", ENGINE)));
    await db.instantiate(wasm);
    URL.revokeObjectURL(wasm);
    await db.open({ query: { castBigIntToDouble: true, castDecimalToDouble: true } });
    for (const table of tables) {
      await db.registerFileURL(`${table}.parquet`, new URL(`data/${table}.parquet`, ROOT).href, duckdb.DuckDBDataProtocol.HTTP, false);
    }
    return { con: await db.connect(), known: new Set() };
  })();
  return started;
}

async function ask(query, tables) {
  const { con, known } = await start(tables);
  for (const table of tables.filter((each) => !known.has(each) && new RegExp(`\\b${each}\\b`, "i").test(query))) {
    await con.query(`create or replace view ${table} as select * from '${table}.parquet'`);
    known.add(table);
  }
  const found = await con.query(query), heads = found.schema.fields.map((field) => field.name);
  return { heads, rows: found.toArray().map((row) => heads.map((head) => plainOf(row[head]))) };
}

const plainOf = (value) => (value === null || value === undefined || typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? value
  : typeof value === "bigint" ? Number(value) : value instanceof Date ? value.toISOString().slice(0, 10) : String(value));

async function open(section) {
  const words = await readWords(), t = words.data, tables = section.dataset.files.split(" ");
  const field = make("textarea", { id: "query", spellcheck: "false", class: "code" }), result = make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": t.result });
  const status = make("p", { role: "status" }), files = make("p", { class: "files" });
  const run = async () => {
    status.textContent = t.running;
    const began = performance.now();
    try {
      const { heads, rows } = await ask(field.value, tables);
      status.textContent = `${counted(t.rows_shown, rows.length, { seconds: tell((performance.now() - began) / 1000, 1) })}${rows.length > SHOWN ? ` ${fill(t.first_rows, { count: tell(SHOWN) })}` : ""}`;
      result.replaceChildren(make("table", {}, make("caption", {}, t.result), make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
        make("tbody", {}, rows.slice(0, SHOWN).map((row) => make("tr", {}, row.map((cell) => make("td", { class: typeof cell === "number" ? "n" : null }, String(cell ?? "–"))))))));
      files.replaceChildren(make("button", { type: "button", on: { click: () => save("jalon.csv", "text/csv;charset=utf-8", asCsv([heads, ...rows])) } }, "CSV"));
    } catch (error) {
      status.textContent = fill(t.failed, { message: error.message });
      result.replaceChildren();
      files.replaceChildren();
    }
  };
  section.className = "console";
  section.append(make("label", { for: "query" }, t.query), field, make("p", {}, make("button", { type: "button", on: { click: run } }, t.run)), status, result, files);
  field.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run(); });
  for (const example of document.querySelectorAll(".example")) {
    const query = example.querySelector("code").textContent;
    field.value ||= query;
    example.append(make("button", { type: "button", on: { click: () => { field.value = query; field.focus(); } } }, t.use));
  }
}
