"""Frame: a page → its file, with the address of everything beside it, and the list of all pages."""

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from flows.files import read_json
from flows.publish.draft import Draft
from flows.publish.site.facts import Facts, folder_of
from flows.publish.site.maps import Shapes
from flows.publish.site.words import Words, typeset, words_in

HERE = Path(__file__).parent
INDENT = re.compile(r"(<pre.*?</pre>)|\n\s*", re.DOTALL)  # what is quoted keeps its lines


@dataclass(frozen=True)
class Page:
    """A page in both languages: `section` and `name` make its address."""

    section: str
    name: str = ""


@dataclass(frozen=True)
class Site:
    """Everything that pages are made from, and the addresses of those written so far."""

    draft: Draft
    facts: Facts
    shapes: dict[str, Shapes]
    newest: str
    written: list[str] = field(default_factory=list)

    @cached_property
    def vintage(self) -> int:
        """The year of the map."""
        return int(next(iter(self.facts.territories.values()))["vintage"])

    @cached_property
    def base_url(self) -> str:
        """The address where the release is served, with a slash at its end."""
        return self.draft.catalog.package.base_url.rstrip("/") + "/"

    def changed(self, words: Words) -> list[str]:
        """What differs from the release before, in sentences; nothing where none are told."""
        path = self.draft.folder / "changes.json"
        told = read_json(path)["summary"][words.language] if path.is_file() else []
        return [typeset(each, words.language) for each in told]

    def template(self, name: str) -> Template:
        """A template, compiled once."""
        return _environment().get_template(name)

    def write(self, words: Words, page: Page, template: str, **values: Any) -> None:
        """Write a page in one language; *values* are what its template asks for."""
        address = words.address(page.section, page.name)
        text = self.template(template).render(
            words=words,
            page=page,
            site=self,
            root="../" * address.count("/"),
            other_address=words_in(words.other).address(page.section, page.name),
            address=address,
            **values,
        )
        self.put(f"{address}index.html", INDENT.sub(lambda found: found[1] or "\n", text))
        self.written.append(address)

    def put(self, path: str, text: str) -> None:
        """Write *text* at *path* of the release."""
        target = self.draft.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


@cache
def _environment() -> Environment:
    """Templates: what is put in them is escaped, what is missing is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["folder"] = folder_of
    return environment
