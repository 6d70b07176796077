"""Secrecy: the numbers of units under which a value is hidden, by kind (catalog/secrecy.yml)."""

from typing import Annotated, Any

from pydantic import Field, ValidationInfo, model_validator

from flows.catalog.model import Model, Name
from flows.catalog.text import Text


class Thresholds(Model):
    """A value is hidden if fewer units stand behind it than `min_units`, or if one makes up more of
    it than `dominance_percent`.
    """

    min_units: Annotated[int, Field(gt=1)]
    dominance_percent: Annotated[float, Field(gt=0, le=100)] = 100


class SecrecyRule(Thresholds):
    """The thresholds of a kind of unit, which its indicators have unless they say why not."""

    name: Name


class Secrecy(Thresholds):
    """Who is counted by an indicator, and its thresholds: those of the kind that it does not give.

    The units are the denominator, unless the SQL gives `unit_count`; it may give `largest`, the
    greatest contribution to the numerator. `reason` says why it hides less than its kind.
    """

    kind: Name
    reason: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, told: Any, info: ValidationInfo) -> Any:
        """With the thresholds of its kind, where the rules are told."""
        rules: dict[str, SecrecyRule] = (info.context or {}).get("secrecy", {})
        if not rules or not isinstance(told, dict) or "kind" not in told:
            return told
        if told["kind"] not in rules:
            raise ValueError(f"unknown kind '{told['kind']}' (known: {', '.join(rules)})")
        return rules[told["kind"]].model_dump(exclude={"name"}) | told

    def hides_less(self, rule: Thresholds) -> bool:
        """Whether *rule* hides what this does not."""
        few = self.min_units < rule.min_units
        return few or self.dominance_percent > rule.dominance_percent
