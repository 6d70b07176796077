"""Write: the result of a conversion, under the names of the file that it comes from."""

from flows.steps.convert.plan import Plan


def result_sql(plan: Plan) -> str:
    """The query of what is published of `converted`: a row per commune and keys, in their order.

    Numbers are text, with a point and without the zeros at their end.
    """
    counts = [(f"v{plan.numbers.index(name)}", name) for name in plan.counts]
    columns = [
        f"commune_code as {_quote(plan.column)}",
        *(f"g{n} as {_quote(name)}" for n, name in enumerate(plan.keys)),
        *(f"{_trim_zeros(place)} as {_quote(name)}" for place, name in counts),
        *(f"r{n} as {_quote(ratio.name)}" for n, ratio in enumerate(plan.ratios)),
        *(f"k{n} as {_quote(name)}" for n, (name, _) in enumerate(plan.classes)),
        "conversion_method",
        "source_codes",
        "case when first_vintage = last_vintage then cast(first_vintage as varchar)"
        " else first_vintage || '-' || last_vintage end as from_vintage",
        f"{plan.to_vintage} as to_vintage",
    ]
    order = ", ".join(["commune_code", *(f"g{n}" for n in range(len(plan.keys)))])
    listed = ", ".join(columns)
    return f"select {listed} from converted where commune_code is not null order by {order}"


def _trim_zeros(column: str) -> str:
    # A product with a share always has a point.
    return f"rtrim(rtrim(cast({column} as varchar), '0'), '.')"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
