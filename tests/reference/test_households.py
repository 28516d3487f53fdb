"""Synthetic households against their slow twin: docs/method.md, "The synthetic population", in plain NumPy."""

from types import SimpleNamespace

import numpy as np
import pytest

from incomesim.kernel.households import empty_columns, make_households, new_draft
from incomesim.kernel.tables import WEIGHT_UNIT, Purpose
from tests.reference.twin import look_up, pair_of_normals, uniforms

GOLDEN = 0x9E3779B97F4A7C15


def households(recipe, start, number):
    """Columns of the households start, start + 1, ... in the order of their ids."""
    ids = np.arange(start, start + number, dtype=np.uint64)
    dealt = np.array([int(i) * GOLDEN % 2**64 for i in ids], np.uint64)
    cell = np.searchsorted(recipe.limit, dealt, side="right")
    side, region, band = recipe.side[cell], recipe.region[cell], recipe.band[cell]
    address = SimpleNamespace(seed=recipe.seed, replicate=0)
    for_age, for_size, for_old, for_children = uniforms(address, ids, 0, Purpose.HOUSEHOLD)
    rank, luck = pair_of_normals(*uniforms(address, ids, 0, Purpose.RANK)[:2])

    size = (for_size[:, None] >= recipe.size_limit[cell]).sum(axis=1)
    persons, shift = size + 1, recipe.size_shift[side, size]
    lowest, highest = recipe.lowest_age[band], recipe.highest_age[band]
    age = lowest + np.floor(for_age * (highest - lowest + 1)).astype(int)
    together, old = persons > 1, age >= 65
    parent = ~old & (age >= 35) & together & (for_old < recipe.with_parent)
    spouse = old & together & (for_old < recipe.couple)
    room = np.maximum(persons - 2 - parent, 0)
    children = np.floor(room * recipe.child + for_children).astype(int)
    elderly = old.astype(int) + spouse + parent

    market = np.exp(look_up(recipe, cell, rank + shift)) * persons
    spread = recipe.transfer_spread
    transfer = np.exp(spread * luck - spread**2 / 2) * persons * recipe.transfer_level[cell]
    source = np.vstack([market * recipe.composition[cell].T, transfer])

    rule = recipe.calibration
    income = source.sum(axis=0)
    fifth = (income[:, None] / persons[:, None] >= rule.group_limit[side]).sum(axis=1)
    log_weight = rule.resident[region, side] * persons + rule.group[side, fifth] * (persons if rule.of_persons else 1)
    log_weight += rule.income[region] * income + rule.band[side, band] + rule.size[side, persons - 1]
    log_weight += rule.key_group[side, recipe.place[cell] % rule.key_group.shape[1]]
    log_weight += rule.group_income[side, fifth] * (income / rule.group_mean[side, fifth] - persons)
    log_weight += (rule.source[side] * source.T).sum(axis=1) + rule.elderly * elderly + rule.children * children
    weight = np.rint(rule.base * np.exp(log_weight) / WEIGHT_UNIT) * WEIGHT_UNIT
    return {
        "household_id": ids, "weight": weight, "cell": cell, "age": age, "persons": persons, "elderly": elderly,
        "children": children, "wage": source[0], "operating": source[1], "owned": source[2], "transfer": source[3],
        "rank": rank, "shift": shift,
    }  # fmt: skip


def with_every_term(recipe):
    """A rule of weights in which nothing is 0; for published shares, incomes of regions and groups of persons too."""
    rule, rng = recipe.calibration, np.random.default_rng(3)
    made = {
        name: rng.normal(0.0, 0.1, np.shape(getattr(rule, name)))
        for name in ("key_group", "band", "size", "group", "group_income")
    }
    income = rng.normal(0.0, 1e-6, rule.income.shape)
    return recipe._replace(calibration=rule._replace(**made, income=income, of_persons=True))


@pytest.mark.parametrize(("start", "number"), [(0, 5000), (2**33, 1000)])
@pytest.mark.parametrize("change", [lambda recipe: recipe, with_every_term])
def test_households_equal_their_twin(population, start, number, change):
    recipe = change(population.source.recipe)
    columns = empty_columns(number)
    make_households(start, recipe, new_draft(recipe), columns)
    order = np.argsort(columns.household_id)
    assert (np.diff(columns.cell) >= 0).all()  # a range stands in the order of its cells
    for name, expected in households(recipe, start, number).items():
        found = getattr(columns, name)[order]
        if name == "weight":
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1.01 * WEIGHT_UNIT)
        elif name in ("wage", "operating", "owned", "transfer", "rank", "shift"):
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13, err_msg=name)
        else:
            np.testing.assert_array_equal(found, expected, err_msg=name)


def test_rows_know_who_is_old_and_who_is_a_child(sample, output):
    rows = output.rows
    np.testing.assert_array_equal(rows.elderly, sample.elderly[rows.household_id])
    np.testing.assert_array_equal(rows.children, sample.children[rows.household_id])
