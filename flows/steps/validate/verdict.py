"""Verdict: what validation found in one table. Counts are exact, kept errors are bounded."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

EXAMPLES = 3


@dataclass(frozen=True)
class Fault:
    """One error, with the code, row number, field and cell that frictionless gives it.

    `row` counts parsed rows, the header being 1; `line` counts the lines of the file, and is
    greater where a cell holds several lines. Both are None for a fault of the whole file. `rule`
    is the constraint that is broken, or `type`; `expected` is its value in the schema.
    """

    type: str
    row: int | None
    line: int | None
    field: str | None
    cell: str | None
    rule: str = ""
    expected: str = ""

    @property
    def message(self) -> str:
        """The fault in one English sentence."""
        from flows.steps.validate.telling.words import say_fault

        return say_fault(self, "en")

    def as_json(self) -> dict[str, Any]:
        """As `jalon validate --json` prints it."""
        names = ("type", "row", "field", "cell", "message")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Rule:
    """All faults of one kind in one field: how many, and the first few."""

    type: str
    field: str | None
    rule: str
    expected: str
    count: int
    examples: tuple[Fault, ...]


@dataclass(frozen=True)
class Verdict:
    """What was found in a table. `errors` are the first ones, by row; `rules` cover them all."""

    file: str
    rows: int
    rejected_rows: int
    rules: tuple[Rule, ...] = ()
    errors: tuple[Fault, ...] = ()
    fallback_fields: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.rules

    @property
    def counts(self) -> dict[str, int]:
        """How many faults of each type there are in all."""
        counts: Counter[str] = Counter()
        for rule in self.rules:
            counts[rule.type] += rule.count
        return dict(sorted(counts.items()))

    def as_json(self) -> dict[str, Any]:
        """As `jalon validate --json` prints it; see schemas/verdict.schema.json."""
        return {
            "valid": self.valid,
            "rows": self.rows,
            "errors": [fault.as_json() for fault in self.errors],
            "counts": self.counts,
            "fallback_fields": list(self.fallback_fields),
        }


def pack(verdict: Verdict) -> dict[str, Any]:
    """All of *verdict* but its errors, which its rules give examples of, as plain values."""
    return {**asdict(verdict), "errors": []}


def unpack(body: dict[str, Any]) -> Verdict:
    """The verdict that was packed as *body*."""
    rules = tuple(
        Rule(**{**rule, "examples": tuple(Fault(**each) for each in rule["examples"])})
        for rule in body["rules"]
    )
    return Verdict(
        **{
            **body,
            "rules": rules,
            "errors": tuple(fault for rule in rules for fault in rule.examples),
            "fallback_fields": tuple(body["fallback_fields"]),
            "notes": tuple(body["notes"]),
        }
    )
