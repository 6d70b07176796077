"""Issues: what a reuser should know of this release, in French and English, as issues.json."""

from dataclasses import asdict
from functools import partial

from flows.catalog import Catalog, Indicator
from flows.files import write_json
from flows.handover import Issue, Loss, Report, Words
from flows.publish.draft import Draft
from flows.steps.validate.telling.shown import say_number

CODES_NAMED = 20

_fr = partial(say_number, language="fr")


def find_issues(
    catalog: Catalog, reports: dict[str, list[Report]], losses: list[Loss]
) -> list[Issue]:
    """Indicators about to go, rejected rows, files larger than foreseen, corrections, lost rows."""
    found = [_deprecated(each) for each in catalog.indicators.values() if each.deprecated_on]
    for name, source in catalog.sources.items():
        for report in reports[name]:
            found += _rejects(report) + _overflow(report, source.rows.max)
        found += [
            Issue("info", name, "correction", each.rows, each.reason.fr, each.reason.en)
            for each in source.corrections
        ]
    return found + [issue for loss in losses for issue in _losses(loss)]


def write_issues(draft: Draft, issues: list[Issue]) -> None:
    """Write issues.json: what is wrong first, then what is only to be known."""
    ordered = sorted(issues, key=lambda each: (each.severity != "warning", each.subject, each.kind))
    write_json(draft.folder / "issues.json", {"issues": [asdict(issue) for issue in ordered]})


def _deprecated(indicator: Indicator) -> Issue:
    """That an indicator is about to go, and from when on."""
    fr = f"indicateur déprécié depuis le {indicator.deprecated_on}"
    en = f"deprecated since {indicator.deprecated_on}"
    if indicator.removed_on:
        fr = f"{fr}, retiré le {indicator.removed_on}"
        en = f"{en}, removed on {indicator.removed_on}"
    return Issue("warning", indicator.name, "deprecated", 1, fr, en)


def _where(report: Report) -> tuple[str, str]:
    if report.edition is None:
        return "", ""
    return f" (édition {report.edition})", f" (edition {report.edition})"


def _rejects(report: Report) -> list[Issue]:
    """One issue for each kind of fault: its code and column, never what a cell holds."""
    fr, en = _where(report)
    return [
        Issue(
            "warning",
            report.source,
            "rejected_rows",
            count,
            f"{_fr(count)} erreurs « {fault} » sur {_fr(report.rows)} lignes{fr}",
            f"{count:,} errors '{fault}' in {report.rows:,} rows{en}",
        )
        for fault, count in report.counts.items()
    ]


def _overflow(report: Report, maximum: float) -> list[Issue]:
    if report.rows <= maximum:
        return []
    fr, en = _where(report)
    return [
        Issue(
            "warning",
            report.source,
            "more_rows_than_expected",
            report.rows,
            f"{_fr(report.rows)} lignes{fr}, au-dessus des {_fr(round(maximum))} attendues",
            f"{report.rows:,} rows{en}, over the {maximum:,.0f} expected",
        )
    ]


def _losses(loss: Loss) -> list[Issue]:
    found = _points(loss) + _vintages(loss)
    if loss.lost_codes:
        codes = ", ".join(code or "∅" for code in list(loss.lost_codes)[:CODES_NAMED])
        more = len(loss.lost_codes) - CODES_NAMED
        fr, en = (f" et {more} autres", f" and {more} more") if more > 0 else ("", "")
        found.append(
            Issue(
                "warning",
                loss.source,
                "lost_on_the_map",
                loss.lost_rows,
                f"{_fr(loss.lost_rows)} lignes sur {_fr(loss.rows)} portent un code qu’aucune carte"
                f" ne connaît : {codes}{fr}",
                f"{loss.lost_rows:,} of {loss.rows:,} rows carry a code that no map knows:"
                f" {codes}{en}",
            )
        )
    if loss.merged_rows or loss.split_rows:
        found.append(
            Issue(
                "info",
                loss.source,
                "brought_to_the_map",
                loss.merged_rows + loss.split_rows,
                f"{_fr(loss.merged_rows)} lignes d’anciennes communes rattachées à une commune"
                f" actuelle, {_fr(loss.split_rows)} réparties après une séparation",
                f"{loss.merged_rows:,} rows of former communes put in a commune of today,"
                f" {loss.split_rows:,} shared out after a split",
            )
        )
    return found


def _vintages(loss: Loss) -> list[Issue]:
    """One issue on the declared vintages whose maps are not the best."""
    if not loss.detected:
        return []
    told = "; ".join(f"{declared} → {years}" for declared, years in loss.detected.items())
    return [
        Issue(
            "warning",
            loss.source,
            "vintage_differs",
            len(loss.detected),
            f"les codes ne sont pas ceux de la carte déclarée (déclarée → trouvée) : {told}",
            f"the codes are not those of the declared map (declared → found): {told}",
        )
    ]


PLACES = {
    "on_border": Words("à la limite de deux communes", "on the border of two communes"),
    "near": Words(
        "hors de toute commune, rattachés à la plus proche",
        "off every commune, put in the nearest",
    ),
    "outside": Words("en mer ou à l’étranger", "at sea or abroad"),
    "swapped": Words("longitude et latitude inversées", "with longitude and latitude swapped"),
    "missing": Words("sans coordonnées", "without coordinates"),
}


def _points(loss: Loss) -> list[Issue]:
    """One issue on the points that are not simply inside a commune."""
    odd = {place: count for place, count in loss.located.items() if count and place in PLACES}
    if not odd:
        return []
    fr = ", ".join(f"{_fr(count)} {PLACES[place].fr}" for place, count in odd.items())
    en = ", ".join(f"{count:,} {PLACES[place].en}" for place, count in odd.items())
    total = sum(loss.located.values())
    return [
        Issue(
            "warning" if odd.keys() & {"outside", "swapped", "missing"} else "info",
            loss.source,
            "points_off_the_communes",
            sum(odd.values()),
            f"{_fr(total)} points : {fr}",
            f"{total:,} points: {en}",
        )
    ]
