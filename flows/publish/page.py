"""Page: index.html, what a release holds, for a person who opens its folder."""

from html import escape
from pathlib import Path
from string import Template

from flows.catalog import Source
from flows.handover import Issue
from flows.publish.draft import Draft, PublishedFile
from flows.warehouse import shared_sql

HERE = Path(__file__).parent
NARROW_SPACE = "\u202f"


def write_page(draft: Draft, issues: list[Issue], newest: str) -> None:
    """National values, issues and files, in both languages; no script, nothing from elsewhere."""
    package = draft.catalog.package
    page = Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
        title_fr=escape(package.title.fr),
        description_fr=escape(package.description.fr),
        description_en=escape(package.description.en),
        newest=newest,
        licence=escape(draft.catalog.licences[package.licence].title),
        values="\n".join(_value_row(*row) for row in _national_values(draft)),
        issues="\n".join(_issue_item(issue) for issue in issues),
        reports="\n".join(_report_item(draft, source) for source in draft.catalog.sources.values()),
        files="\n".join(_file_item(f.path, f.title.fr) for f in _listed(draft)),
    )
    (draft.folder / "index.html").write_text(page, encoding="utf-8")
    (draft.folder / "page.css").write_bytes((HERE / "page.css").read_bytes())


def _national_values(draft: Draft) -> list[tuple[str, str, str, float, int, str, float]]:
    return draft.con.execute(shared_sql("national_values")).fetchall()


def _value_row(
    fr: str, en: str, period: str, value: float, decimals: int, unit: str, coverage: float
) -> str:
    return (
        f'<tr><td>{escape(fr)}<br><span lang="en">{escape(en)}</span></td><td>{escape(period)}</td>'
        f'<td class="number">{_french(value, decimals)}</td><td>{escape(unit)}</td>'
        f'<td class="number">{_french(100 * coverage, 1)}{NARROW_SPACE}%</td></tr>'
    )


def _french(value: float, decimals: int) -> str:
    """34875.5 with one decimal is 34 875,5, with narrow spaces."""
    return f"{value:,.{decimals}f}".replace(",", NARROW_SPACE).replace(".", ",")


def _issue_item(issue: Issue) -> str:
    return (
        f"<li><strong>{escape(issue.subject)}</strong> : {escape(issue.message_fr)}"
        f'<br><span lang="en">{escape(issue.message_en)}</span></li>'
    )


def _listed(draft: Draft) -> list[PublishedFile]:
    """All files but the hundred of the départements, which the data package names."""
    return [file for file in draft.files if not file.path.startswith("boundaries/commune/")]


def _file_item(path: str, title: str) -> str:
    return f'<li><a href="{escape(path)}">{escape(path)}</a> : {escape(title)}</li>'


def _report_item(draft: Draft, source: Source) -> str:
    """The reports on the files of a source, by edition."""
    pages = sorted((draft.folder / "reports" / source.name).glob("*.html"))
    links = ", ".join(
        f'<a href="{escape(str(page.relative_to(draft.folder)))}">{escape(page.stem)}</a>'
        for page in pages
    )
    english = f'<span lang="en">{escape(source.title.en)}</span>'
    return f"<li>{escape(source.title.fr)} <br>{english} : {links}</li>"
