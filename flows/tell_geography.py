"""Tell geography: a diagnosis or a conversion, for a person at a terminal or for a program."""

import json
from dataclasses import asdict
from typing import Any

from rich.console import Console

from flows.causes import CAUSES, COLUMN_KINDS
from flows.geography import Converted
from flows.steps.convert import StrangeCode
from flows.steps.diagnose import Cause, Diagnosis, Example, Fit

CODES_TOLD = 5
OR = " or "


def diagnosis_as_json(file: str, column: str, found: Diagnosis) -> dict[str, Any]:
    """The diagnosis, each cause with its sentence in both languages."""
    body = asdict(found)
    for cause in body["causes"]:
        cause |= asdict(CAUSES[cause["kind"]])
    return {"file": file, "column": column, "is_right": found.is_right, **body}


def tell_diagnosis(file: str, column: str, found: Diagnosis, as_json: bool) -> None:
    """Print the diagnosis, as JSON or as sentences with the first examples of each cause."""
    if as_json:
        body = diagnosis_as_json(file, column, found)
        print(json.dumps(body, ensure_ascii=False, indent=2))  # noqa: T201
        return
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"{file}, column {column}: {_say_fit(found)}")
    if found.column_kind != "commune":
        kind = COLUMN_KINDS[found.column_kind].en
        console.print(f"The column rather seems to hold {kind}")
    if found.runner_up:
        console.print(f"Next best: {_say_runner_up(found, found.runner_up)}")
    for cause in found.causes:
        _tell_cause(console, cause)
    if found.counted_twice:
        listed = _list_first(found.counted_twice)
        console.print(f"Told twice, as a whole and by arrondissement: {listed}")


def _say_fit(found: Diagnosis) -> str:
    best = found.best
    return (
        f"{best.codes_on_map:,} of {found.codes:,} codes are on the map of {best.tell_years(OR)},"
        " which fits best"
    )


def _say_runner_up(found: Diagnosis, fit: Fit) -> str:
    lost = [
        (found.deciding.best, f"it lacks {_list_first(found.deciding.best)}"),
        (found.deciding.runner_up, f"it alone has {_list_first(found.deciding.runner_up)}"),
        (
            found.deciding.lacking,
            f"the column ought to name {_list_first(found.deciding.lacking)}",
        ),
    ]
    reasons = "; ".join(reason for codes, reason in lost if codes)
    told = f"{fit.tell_years(OR)}, with {fit.codes_on_map:,} codes"
    return f"{told}; {reasons}" if reasons else told


def _list_first(codes: tuple[str, ...]) -> str:
    more = len(codes) - CODES_TOLD
    return ", ".join(codes[:CODES_TOLD]) + (f" and {more:,} more" if more > 0 else "")


def _tell_cause(console: Console, cause: Cause) -> None:
    codes = "1 code" if cause.codes == 1 else f"{cause.codes:,} codes"
    rows = "1 row" if cause.rows == 1 else f"{cause.rows:,} rows"
    console.print(f"{codes} in {rows}, {cause.kind}: {CAUSES[cause.kind].en}")
    console.print(f"    {', '.join(map(_say_example, cause.examples))}")


def _say_example(example: Example) -> str:
    meant = f" → {example.meant}" if example.meant else ""
    year = f" ({example.year})" if example.year else ""
    return f"{example.code!r}{meant}{year}"


def conversion_as_json(file: str, done: Converted) -> dict[str, Any]:
    """The loss report: decimals are texts, so that they stay exact."""
    plan, conversion = done.plan, done.conversion
    return {
        "file": file,
        "column": plan.column,
        "from_vintage": plan.from_vintage,
        "vintage_column": plan.vintage_column,
        "from_vintage_found": done.found and asdict(done.found),
        "to_vintage": plan.to_vintage,
        "missing": plan.missing,
        "rows": conversion.rows,
        "result_rows": conversion.result_rows,
        "methods": conversion.methods,
        "lost_percent": conversion.lost_percent,
        "lost": _strange_as_json(done, is_lost=True),
        "off_map": _strange_as_json(done, is_lost=False),
        "communes_without_data": {
            "count": len(conversion.without_data),
            "codes": conversion.without_data,
        },
        "totals": {
            name: asdict(total)
            | {
                key: f"{getattr(total, key).normalize():f}"
                for key in ("before", "after", "lost", "withheld")
            }
            for name, total in conversion.totals.items()
        },
        "classes": {
            name: {"policy": policy, "undecided": conversion.undecided[name]}
            for name, policy in plan.classes
        },
        "repeated_rows": conversion.repeated_rows,
        "counted_twice": done.counted_twice,
    }


def _strange_as_json(done: Converted, *, is_lost: bool) -> dict[str, Any]:
    told = [each for each in done.conversion.strange if each.is_lost == is_lost]
    return {
        "rows": sum(each.rows for each in told),
        "codes": [
            {
                "code": each.code,
                "vintage": each.vintage,
                "rows": each.rows,
                "cause": done.causes[each.code],
                **asdict(CAUSES[done.causes[each.code]]),
            }
            for each in told
        ],
    }


def tell_conversion(file: str, done: Converted, console: Console) -> None:
    """Print what was kept and lost, shortly."""
    plan, conversion = done.plan, done.conversion
    console.print(
        f"{file}: {conversion.rows:,} rows {_say_origin(done)} → {conversion.result_rows:,} rows"
        f" on the map of {plan.to_vintage}"
    )
    methods = ", ".join(f"{count:,} {method}" for method, count in conversion.methods.items())
    console.print(f"Rows by method: {methods or 'none'}")
    for name, total in conversion.totals.items():
        losses = f"lost {_short(total.lost)}, withheld {_short(total.withheld)}"
        console.print(f"{name}: {_short(total.before)} → {_short(total.after)}, {losses}")
    _tell_lost(console, done)
    if conversion.without_data:
        listed = _list_first(conversion.without_data)
        console.print(f"{len(conversion.without_data):,} communes without data: {listed}")
    for name, undecided in conversion.undecided.items():
        policy = dict(plan.classes)[name]
        console.print(f"{name}: of parts that differ, {policy}; {undecided:,} rows without a value")
    _tell_doubts(console, done)


def _say_origin(done: Converted) -> str:
    if done.plan.vintage_column:
        return f"on the maps that {done.plan.vintage_column} tells"
    return f"on the map of {done.found.tell_years(OR) if done.found else done.plan.from_vintage}"


def _short(amount: Any) -> str:
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _tell_lost(console: Console, done: Converted) -> None:
    for is_lost, what in ((True, "lost"), (False, "kept, though not on the map of their year")):
        told = [each for each in done.conversion.strange if each.is_lost == is_lost]
        if told:
            rows = sum(each.rows for each in told)
            console.print(f"{rows:,} rows {what}: {_list_codes(done, told)}")


def _list_codes(done: Converted, told: list[StrangeCode]) -> str:
    more = len(told) - CODES_TOLD
    listed = ", ".join(f"{each.code!r} ({done.causes[each.code]})" for each in told[:CODES_TOLD])
    return listed + (f" and {more:,} more codes" if more > 0 else "")


def _tell_doubts(console: Console, done: Converted) -> None:
    """Print what is not lost, and may be wrong all the same."""
    conversion = done.conversion
    if conversion.repeated_rows:
        console.print(
            f"{conversion.repeated_rows:,} rows repeat a code and its groups, and were added up"
        )
    if done.counted_twice:
        listed = _list_first(done.counted_twice)
        console.print(f"Counted twice, as a whole and by arrondissement: {listed}")
    for name, total in conversion.totals.items():
        if total.decimals is not None:
            console.print(f"{name}: cells were rounded to {total.decimals} decimals")
