// A commune: its page is drawn here, from the file of the API that its link names.
for (const [rel, file] of [["stylesheet", "site.css"], ["icon", "icon.svg"]]) {
  const link = document.createElement("link");
  Object.assign(link, { rel, href: new URL(file, import.meta.url) });
  document.head.append(link);
}

const { drawCommune } = await import("./territory.js");
await drawCommune(document.querySelector("a").textContent);
export {};
