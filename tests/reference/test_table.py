"""The table of measures by groups beside each measure by hand."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from incomesim import measures
from incomesim.measures import (
    Design,
    IncomeConcept,
    UndefinedMeasure,
    Unit,
    estimate,
    fgt,
    gini,
    mld,
    of_whole,
    ranked,
    table,
    theil,
)

DRAWS = np.random.default_rng(3)
ROWS = 900
FRAME = pd.DataFrame(
    {
        "income": np.exp(DRAWS.normal(10.0, 0.8, ROWS)).round(-2),
        "weight": DRAWS.integers(0, 4, ROWS).astype(float),
        "region": DRAWS.choice(["west", "east", "far"], ROWS),
        "urban": pd.Categorical(DRAWS.choice(["town", "country"], ROWS), ["town", "country", "nowhere"]),
        "psu": DRAWS.integers(0, 60, ROWS),
    }
)
LINE = partial(fgt, line=of_whole(partial(measures.arpt, of_median=0.5)), order=1)


def one(found, **where):
    for name, value in where.items():
        found = found[found[name] == value]
    (row,) = found.to_dict("records")
    return row


@pytest.mark.parametrize("large", [False, True])
def test_every_number_by_hand(monkeypatch, large):
    if large:
        monkeypatch.setattr(ranked, "LARGE", 0)
    found = table(FRAME, measures={"G": gini, "poverty gap": LINE}, by=["region", ["urban", "region"]])
    assert len(found) == 2 * (1 + 3 + 6)
    line = 0.5 * measures.median(FRAME.income, FRAME.weight)
    for (region, urban), part in [
        (("all", "all"), FRAME),
        *(((region, "all"), part) for region, part in FRAME.groupby("region")),
        *(((region, urban), part) for (region, urban), part in FRAME.groupby(["region", "urban"], observed=True)),
    ]:
        row = one(found, region=region, urban=urban, measure="G")
        assert row["value"] == pytest.approx(gini(part.income, part.weight), rel=1e-12)
        assert (row["rows"], row["people"]) == ((part.weight > 0).sum(), part.weight.sum())
        row = one(found, region=region, urban=urban, measure="poverty gap")
        assert row["value"] == pytest.approx(fgt(part.income, part.weight, line=line, order=1), rel=1e-12)


def test_errors_are_those_of_a_part_of_the_sample():
    design = Design(clusters=FRAME.psu)
    found = table(FRAME, measures=[gini], by=["region"], design=design)
    expected = estimate(gini, FRAME.income, FRAME.weight, design=design, where=FRAME.region == "far")
    row = one(found, region="far")
    assert (row["standard_error"], row["low"], row["high"]) == pytest.approx(
        (expected.standard_error, expected.low, expected.high), rel=1e-12
    )


@pytest.mark.parametrize("large", [False, True])
def test_what_has_no_meaning_is_empty_with_its_reason(monkeypatch, large):
    if large:
        monkeypatch.setattr(ranked, "LARGE", 0)
    frame = pd.DataFrame(
        {"income": [0.0, 1.0, -1.0, 2.0, 5.0], "weight": [2.0, 1.0, 1.0, 0.0, 0.0], "place": list("aabcc")}
    )
    found = table(frame, measures=[mld, theil, measures.mean], by=["place"], design=Design())
    assert "above 0; the lowest is 0" in one(found, place="a", measure="mld")["undefined"]
    assert np.isnan(one(found, place="a", measure="mld")["value"])
    assert one(found, place="a", measure="theil")["value"] == pytest.approx(np.log(3.0))
    single = one(found, place="b", measure="mean")
    assert single["value"] == -1.0
    assert np.isnan(single["standard_error"])
    assert "degrees of freedom" in single["undefined"]
    assert "nobody" in one(found, place="c", measure="mean")["undefined"]
    whole = one(found, place="all", measure="mean")
    counts = ("rows", "people", "zero_rows", "zero_people", "negative_rows", "negative_people")
    assert [whole[name] for name in counts] == [3, 4.0, 1, 2.0, 1, 1.0]


def test_a_line_that_the_whole_does_not_have():
    frame = pd.DataFrame({"income": [0.0, 0.0, 3.0], "weight": 1.0})
    assert "the median income is 0" in table(frame, measures=[LINE])["undefined"][0]


def test_what_is_missing_is_an_error():
    with pytest.raises(KeyError, match="no column 'weights', but 'income'"):
        table(FRAME, weight="weights")
    with pytest.raises(UndefinedMeasure, match="1 rows have no label in column 'region'"):
        table(FRAME.assign(region=FRAME.region.where(FRAME.index > 0)), by=["region"])
    with pytest.raises(UndefinedMeasure, match="incomes are missing"):
        table(FRAME.assign(income=FRAME.income.where(FRAME.index > 0)))


def test_names_say_the_parameters():
    found = table(FRAME, weight=None, measures=[LINE, partial(measures.ge, alpha=2)])
    assert list(found["measure"]) == ["fgt(line=arpt(of_median=0.5) of all, order=1)", "ge(alpha=2)"]


HOUSEHOLDS = pd.DataFrame(
    {"money": [30.0, 80.0], "adults": [1, 2], "children": [0, 2], "w": [2.0, 5.0], "level": [1.0, 1.25]}
)


@pytest.mark.parametrize(
    ("scale", "sizes"),
    [
        (measures.undivided, (1.0, 1.0)),
        (measures.per_head, (1.0, 4.0)),
        (measures.square_root, (1.0, 2.0)),
        (measures.oecd, (1.0, 2.7)),
        (measures.modified_oecd, (1.0, 2.1)),
        (lambda adults, children: adults + 0.5 * children, (1.0, 3.0)),
    ],
)
def test_scales(scale, sizes):
    concept = IncomeConcept("money", "adults", Unit.PERSONS, scale, weight="w", children="children")
    found = concept.of(HOUSEHOLDS)
    assert list(found["income"]) == pytest.approx([30.0 / sizes[0], 80.0 / sizes[1]])
    assert list(found["weight"]) == [2.0, 20.0]


def test_what_is_measured_is_in_the_table():
    concept = IncomeConcept(
        "money", "adults", Unit.HOUSEHOLDS, measures.per_head, "w", "children", prices="level", price_base="2018"
    )
    found = table(concept.of(HOUSEHOLDS), measures=[measures.mean])
    assert found["value"][0] == pytest.approx((2.0 * 30.0 + 5.0 * 80.0 / 4.0 / 1.25) / 7.0)
    assert set(found["income_concept"]) == {"income per head, at prices of 2018, of households"}


def test_concepts_that_do_not_fit():
    with pytest.raises(UndefinedMeasure, match="tells children apart"):
        IncomeConcept("money", "adults", Unit.PERSONS, measures.oecd)
    with pytest.raises(UndefinedMeasure, match="one of the two"):
        IncomeConcept("money", "adults", Unit.PERSONS, measures.per_head, prices="level")
    concept = IncomeConcept("money", "adults", Unit.PERSONS, measures.per_head)
    with pytest.raises(UndefinedMeasure, match="1 households have not at least 1 persons"):
        concept.of(HOUSEHOLDS.assign(adults=[0, 2]))


def test_the_error_of_a_line_of_the_whole_counts():
    """Beside the at-risk-of-poverty rate, which knows its line, and for a group beside the bootstrap."""
    rows = 4_000
    income, region = np.exp(DRAWS.normal(10.0, 0.6, rows)), np.repeat(["west", "east"], rows // 2)
    frame = pd.DataFrame({"income": income * np.where(region == "west", 0.8, 1.0), "region": region})
    line = partial(measures.arpt, of_median=0.8)
    rate = partial(fgt, line=of_whole(line), order=0)
    found = table(frame, measures={"rate": rate}, by="region", weight=None, design=Design(strata=region))
    whole = estimate(measures.arpr, frame.income, of_median=0.8, design=Design(strata=region))
    assert one(found, region="all")["value"] == whole.value
    assert one(found, region="all")["standard_error"] == pytest.approx(whole.standard_error, rel=0.1)
    west = region == "west"
    drawn = measures.bootstrap_replicates(rows, Design(strata=region), number=300, random=np.random.default_rng(5))
    of_west = measures.replicate_estimate(
        lambda y, w: fgt(y[west], w[west], line=line(y, w), order=0), income=frame.income.to_numpy(),
        replicates=drawn,
    )  # fmt: skip
    assert one(found, region="west")["standard_error"] == pytest.approx(of_west.standard_error, rel=0.15)
    fixed = estimate(fgt, frame.income, design=Design(strata=region), line=line(frame.income), order=0)
    assert fixed.standard_error > 1.2 * whole.standard_error  # so it would be seen if the line were taken as known
