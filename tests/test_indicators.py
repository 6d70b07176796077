def values(con, indicator, period=None):
    """Territory to value, for one indicator and its newest period unless told."""
    rows = con.execute(
        "select territory_id, arg_max(value, period) from indicators.observations"
        " where indicator = $1 and (period = $2 or $2 is null) group by territory_id",
        [indicator, period],
    ).fetchall()
    return dict(rows)


def test_smoke(small):
    print(values(small, "population", "2023"))
    assert values(small, "population", "2023")["COM-35238"] == 230890
