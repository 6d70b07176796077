"""Facts: a verdict and its schema made ready for a report, with what must be hidden hidden."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from flows.handover import Words
from flows.steps.validate.telling.causes import likely_cause, suggest_value
from flows.steps.validate.telling.shown import make_visible, shorten
from flows.steps.validate.telling.words_kinds import is_header, split_type
from flows.steps.validate.verdict import EXAMPLES, Fault, Rule, Verdict

SHIFTING = frozenset(["extra-cell", "missing-cell", "swallowed-rows"])
LONGEST_TEXT = 400


class Sample(NamedTuple):
    """One fault as it may be shown: its cell is None where it is hidden."""

    fault: Fault
    hidden: bool
    cause: str | None
    suggestion: str | None


class Finding(NamedTuple):
    """One broken rule, its most frequent cause, and its examples."""

    rule: Rule
    cause: str | None
    samples: tuple[Sample, ...]
    description: str
    example: str


class Facts(NamedTuple):
    """All that a report says. `language` is the schema's own."""

    verdict: Verdict
    title: str
    language: str
    findings: tuple[Finding, ...]
    samples: tuple[Sample, ...]
    rejects: str | None
    drift: tuple[Words, ...] = ()


class Screen(NamedTuple):
    """What may be shown. `public` is None where everything may."""

    public: frozenset[str] | None
    known: frozenset[str]
    shifted: frozenset[int]
    unsure_from: float

    def hides(self, fault: Fault) -> bool:
        """Whether the cell may hold something else than a public field.

        Where a row has cells too many or too few, each cell may be its neighbour's.
        """
        if self.public is None:
            return False
        row = fault.row or 0
        shifted = row in self.shifted or row >= self.unsure_from or fault.type in SHIFTING
        return fault.field not in self.public or shifted

    def hides_label(self, fault: Fault | Rule) -> bool:
        """Whether a title may be a cell: a file without titles begins with its first row."""
        if self.public is None or not fault.field or fault.field in self.known:
            return False
        return not self.known.issuperset(fault.field.split(", "))


def gather_facts(
    verdict: Verdict,
    schema: Mapping[str, Any],
    public_fields: frozenset[str] | None,
    rejects: str | None,
    drift: Sequence[Words] = (),
) -> Facts:
    """What the report says of *verdict*, in the words of *schema* where it has some."""
    fields = {field["name"]: field for field in schema["fields"]}
    screen = _make_screen(verdict, frozenset(fields), public_fields)
    return Facts(
        verdict=verdict,
        title=_read_text(schema, "title"),
        language=_read_text(schema, "lang") or "fr",
        findings=tuple(_find(rule, fields.get(rule.field, {}), screen) for rule in verdict.rules),
        samples=tuple(_sample(f, fields.get(f.field, {}), screen) for f in verdict.errors),
        rejects=rejects,
        drift=tuple(drift),
    )


def _make_screen(verdict: Verdict, known: frozenset[str], public: frozenset[str] | None) -> Screen:
    kept = [fault for fault in verdict.errors if fault.type in SHIFTING]
    total = sum(verdict.counts.get(name, 0) for name in SHIFTING)
    last = max((fault.row or 0 for fault in verdict.errors), default=0)
    return Screen(
        public=public,
        known=known | (public or frozenset()),
        shifted=frozenset(fault.row for fault in kept if fault.row is not None),
        unsure_from=float("inf") if len(kept) == total else last,
    )


def _find(rule: Rule, field: Mapping[str, Any], screen: Screen) -> Finding:
    samples = tuple(_sample(fault, field, screen) for fault in rule.examples[:EXAMPLES])
    causes = Counter(sample.cause for sample in samples if sample.cause)
    label = None if screen.hides_label(rule) else rule.field
    texts = (_read_text(field, "title"), _read_text(field, "description"))
    return Finding(
        rule=replace(rule, field=label, expected=_fit_expected(rule, field), examples=()),
        cause=max(causes, key=causes.__getitem__, default=None),
        samples=samples,
        description=" – ".join(filter(None, texts)),
        example=_read_text(field, "example"),
    )


def _sample(fault: Fault, field: Mapping[str, Any], screen: Screen) -> Sample:
    fitted = replace(fault, expected=_fit_expected(fault, field))
    cause = likely_cause(fitted)
    if not screen.hides(fault):
        return Sample(fitted, hidden=False, cause=cause, suggestion=suggest_value(fitted))
    label = None if screen.hides_label(fault) else fault.field
    hidden = bool(fault.cell) or label != fault.field
    shown = replace(fitted, field=label, cell=None if fault.cell else fault.cell)
    return Sample(shown, hidden=hidden, cause=cause, suggestion=None)


def _fit_expected(rule: Fault | Rule, field: Mapping[str, Any]) -> str:
    """The expected type with the format that the schema gives it."""
    name, form = split_type(rule.expected or str(field.get("type", "any")))
    if rule.type != "type-error" or form != "default":
        return rule.expected
    form = str(field.get("format", "default"))
    if name == "boolean" and field.get("trueValues") and field.get("falseValues"):
        form = f"{field['trueValues'][0]}|{field['falseValues'][0]}"
    if name == "number" and field.get("decimalChar") == ",":
        form = ","
    return name if form == "default" else f"{name}/{form}"


def _read_text(body: Mapping[str, Any], name: str) -> str:
    """A text of the schema, on one line; nothing where there is none."""
    value = body.get(name)
    if not isinstance(value, str | int | float):
        return ""
    return shorten(" ".join(str(value).split()), LONGEST_TEXT)


def say_column(sample: Sample) -> str:
    """The title of the column, as it may be shown."""
    fault = sample.fault
    return make_visible(fault.field or (fault.cell if is_header(fault) and fault.cell else ""))
