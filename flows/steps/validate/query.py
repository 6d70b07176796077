"""Query: the compiled fields of a file put together as SQL over its staged rows.

Column n of the file is c<n> as written, f<n> without missing values, and v<n> typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flows.steps.validate.rules.compile import compile_field
from flows.steps.validate.rules.expressions import Compiled, F, V, quote
from flows.steps.validate.schema import Field

BAD_ROW = "a row is not valid"


@dataclass(frozen=True)
class Column:
    """A column of the file; with `is_asked` the table judged<n> holds frictionless's verdicts."""

    number: int
    field: Field
    compiled: Compiled
    is_key: bool = False
    is_asked: bool = False

    @property
    def has_checks(self) -> bool:
        """Whether a cell of this column can be wrong in itself."""
        compiled = self.compiled
        return compiled.is_typed != "true" or bool(compiled.rules) or compiled.needs_frictionless

    @property
    def has_tests(self) -> bool:
        """Whether a cell of this column can be wrong, or be wanting."""
        return self.has_checks or self.field.required

    def ask(self) -> "Column":
        """The same column, once frictionless has been asked."""
        return replace(self, is_asked=True)

    def clear(self) -> "Column":
        """The same column, once every cell of it is known to be right as it is written."""
        return replace(self, compiled=Compiled(), is_asked=False)

    def fill(self, sql: str) -> str:
        """*sql* with the names of this column in the place of F and V."""
        return sql.replace(F, f"f{self.number}").replace(V, f"v{self.number}")

    @property
    def text(self) -> str:
        """f<n>: the cell, null where its value is missing."""
        cell, missing = f"c{self.number}", self.field.missing
        if not missing:
            return cell
        if len(missing) == 1:
            return f"nullif({cell}, {quote(missing[0])})"
        return f"case when {cell} not in ({', '.join(map(quote, missing))}) then {cell} end"

    @property
    def value(self) -> str:
        """v<n>: the typed value, wherever the cell is right; what is kept as text, as written."""
        value = self.fill(self.compiled.value)
        if not self.is_asked or self.compiled.duck_type == "VARCHAR":
            return value
        judged = f"try_cast(judged_value{self.number} as {self.compiled.duck_type})"
        if self.compiled.needs_frictionless:
            return judged
        return f"case when judged_cell{self.number} is null then {value} else {judged} end"

    @property
    def join(self) -> str:
        """A join with frictionless's verdicts on the cells of this column."""
        names = ("cell", "is_fine", "notes", "value", "shown")
        renamed = ", ".join(f"{name} as judged_{name}{self.number}" for name in names)
        return (
            f"left join (select {renamed} from judged{self.number})"
            f" on f{self.number} = judged_cell{self.number}"
        )

    @property
    def key(self) -> str:
        """The value, spelled in one way; null where the cell is not of its type."""
        if self.compiled.needs_frictionless:
            return f"judged_value{self.number}"
        spelled = f"cast(v{self.number} as varchar)"
        if self.compiled.is_typed != "true":
            spelled = f"case when {self.fill(self.compiled.is_typed)} then {spelled} end"
        return f"coalesce(judged_value{self.number}, {spelled})" if self.is_asked else spelled

    @property
    def shown(self) -> str:
        """The value as frictionless shows it where two are the same."""
        value = f"cast(v{self.number} as varchar)"
        if self.compiled.duck_type == "BOOLEAN":
            value = f"case when v{self.number} then 'True' else 'False' end"
        return f"coalesce(judged_shown{self.number}, {value})" if self.is_asked else value

    @property
    def notes(self) -> str:
        """What is wrong in the cell: a list of `type` and of the names of constraints."""
        rules = ", ".join(
            f"case when not ({self.fill(rule)}) then {quote(name)} end"
            for name, rule in self.compiled.rules.items()
        )
        told = f"list_filter([{rules}], lambda note: note is not null)" if rules else "[]"
        if self.compiled.is_typed != "true":
            told = f"case when {self.fill(self.compiled.is_typed)} then {told} else ['type'] end"
        if self.compiled.needs_frictionless:
            told = "[]"
        if self.is_asked:
            told = f"coalesce(judged_notes{self.number}, {told})"
        lacking = "['required']" if self.field.required else "[]"
        return f"case when f{self.number} is null then {lacking} else {told} end"

    @property
    def _tests(self) -> list[str]:
        """The type and each constraint as SQL, but for what is always true."""
        tests = [self.compiled.is_typed, *self.compiled.rules.values()]
        return [f"({self.fill(test)})" for test in tests if test != "true"]

    @property
    def doubt(self) -> str:
        """Whether frictionless must be asked: the type or any constraint is not sure."""
        unsure = " or ".join(f"{test} is null" for test in self._tests)
        return f"f{self.number} is not null and ({unsure or 'false'})"

    @property
    def verdict(self) -> str:
        """Whether the cell is right: true where that is sure."""
        told = " and ".join(self._tests) or "true"
        if self.compiled.needs_frictionless:
            told = "cast(null as boolean)"
        if self.is_asked:
            told = f"coalesce(judged_is_fine{self.number}, {told})"
        sign = "is not null and" if self.field.required else "is null or"
        return f"f{self.number} {sign} ({told})"


def compile_columns(fields: Iterable[Field], keys: set[str]) -> list[Column]:
    """The columns of a file; *keys* are the names of fields that must differ from row to row."""
    return [
        Column(number, field, compile_field(field, is_key=field.name in keys), field.name in keys)
        for number, field in enumerate(fields, start=1)
    ]


def select_values(columns: list[Column], scan: str) -> str:
    """A relation of *scan* with f<n> and v<n> of every column."""
    texts = ", ".join(f"{column.text} as f{column.number}" for column in columns)
    values = ", ".join(f"{column.value} as v{column.number}" for column in columns)
    joins = " ".join(column.join for column in columns if column.is_asked)
    return f"(select *, {values} from (select *, {texts} from {scan}) {joins})"


def judge_rows(columns: list[Column], checks: list[str]) -> str:
    """Whether a row is surely right: SQL that is true, and else false or null.

    *checks* are SQL that is false on a row that breaks one.
    """
    tests = [f"({column.verdict})" for column in columns if column.has_tests]
    return " and ".join([*judge_shape(columns), *tests, *judge_checks(checks)])


def judge_shape(columns: list[Column]) -> list[str]:
    """Whether a row has as many cells as there are columns, and is not blank."""
    shape = [f"c{len(columns)} is not null", "extra1 is null"]
    if any(column.field.required for column in columns):
        return shape  # a blank row lacks what is required
    return [*shape, f"not ({is_blank(columns)})"]


def judge_checks(checks: list[str]) -> list[str]:
    """Whether a row breaks none of *checks*."""
    return [f"({check}) is not false" for check in checks]


def is_blank(columns: list[Column]) -> str:
    """Whether a row has no value at all."""
    return f"coalesce({', '.join(f'f{column.number}' for column in columns)}) is null"
