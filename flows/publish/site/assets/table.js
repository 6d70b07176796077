// Tables to take away: CSV that every spreadsheet opens, and XLSX written as a zip without compression.
const FORMULA = /^[=+\-@\t\r]/;

/** Text that a spreadsheet might run as a formula is given an apostrophe; numbers are left alone. */
const harmless = (cell) => (typeof cell === "string" && FORMULA.test(cell) ? `'${cell}` : cell);

export function asCsv(rows) {
  const cell = (value) => {
    const text = String(harmless(value) ?? "");
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

const escape = (text) => String(text).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "")
  .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function sheet(rows) {
  const cell = (value) => (value === null || value === undefined || value === "" ? "<c/>"
    : typeof value === "number" ? `<c><v>${value}</v></c>`
    : `<c t="inlineStr"><is><t xml:space="preserve">${escape(value)}</t></is></c>`);
  const body = rows.map((row) => `<row>${row.map(cell).join("")}</row>`).join("");
  return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><sheetData>${body}</sheetData></worksheet>`;
}

/** The bytes of a workbook of one sheet. */
export function asXlsx(rows) {
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packaged = "http://schemas.openxmlformats.org/package/2006";
  const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const parts = {
    "[Content_Types].xml": `<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kind}.worksheet+xml"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><sheets><sheet name="Jalon" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": sheet(rows),
  };
  return zip(Object.entries(parts).map(([name, text]) => [name, new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${text}`)]));
}

const CRC = Uint32Array.from({ length: 256 }, (_, number) => {
  let value = number;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

const crc = (bytes) => ~bytes.reduce((sum, byte) => CRC[(sum ^ byte) & 255] ^ (sum >>> 8), -1) >>> 0;

function zip(files) {
  const chunks = [], heads = [];
  let place = 0;
  for (const [name, bytes] of files) {
    const label = new TextEncoder().encode(name);
    // Version 2.0, no flag, stored, 1 January 1980: the same data give the same bytes.
    const told = numbers([20, 2], [0, 2], [0, 2], [0, 2], [33, 2], [crc(bytes), 4], [bytes.length, 4], [bytes.length, 4], [label.length, 2], [0, 2]);
    heads.push(numbers([0x02014b50, 4], [20, 2]), told, numbers([0, 2], [0, 2], [0, 2], [0, 4], [place, 4]), label);
    const local = [numbers([0x04034b50, 4]), told, label, bytes];
    chunks.push(...local);
    place += size(local);
  }
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size(heads), 4], [place, 4], [0, 2]);
  return new Blob([...chunks, ...heads, end]);
}

const size = (chunks) => chunks.reduce((sum, chunk) => sum + chunk.length, 0);

function numbers(...pairs) {
  const view = new DataView(new ArrayBuffer(size(pairs.map(([, width]) => ({ length: width })))));
  let at = 0;
  for (const [value, width] of pairs) {
    if (width === 2) view.setUint16(at, value, true); else view.setUint32(at, value, true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}
