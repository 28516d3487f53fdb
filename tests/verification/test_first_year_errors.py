"""Standard errors of the first year against the spread over populations, each calibrated by itself."""

from types import SimpleNamespace

import numpy as np
import pytest

from incomesim import measures
from incomesim.population import answer, answer_of_weights, draw
from incomesim.population.made_households import list_households, pick
from incomesim.sampled import _arrange
from incomesim.tabulate.sampling_errors import standard_errors
from tests.reference.test_answer_of_weights import made

HOUSEHOLDS, POPULATIONS = 15_000, 120
MEASURES = {
    "gini": (measures.gini, {}),
    "theil": (measures.theil, {}),
    "median": (measures.median, {}),
    "P10": (measures.quantile, {"p": 0.1}),
    "P90": (measures.quantile, {"p": 0.9}),
    "share below 15,000": (measures.fgt, {"line": 15_000.0, "order": 0}),
    "gap below 15,000": (measures.fgt, {"line": 15_000.0, "order": 1}),
}


def values_and_errors(seed):
    """By measure: its value, its standard error, and that which weights would have that are taken as given."""
    source = made(HOUSEHOLDS, seed)
    households = list_households(source.recipe, 0, HOUSEHOLDS)
    place = (households.region * 2 + households.residence) * (households.group.max() + 1) + households.group
    order, _, first, count = _arrange(place, np.arange(HOUSEHOLDS))
    households = pick(households, order)
    found = answer_of_weights(source, [(0, HOUSEHOLDS)], 1).take(order)
    sample = SimpleNamespace(first=first, count=count, part=1.0, answering=found)
    weight = households.weight * households.persons
    people = measures.rank(households.disposable() / households.persons, weight)
    for measure, parameters in MEASURES.values():
        direct = weight * measures.influence(measure, people, **parameters)
        through_weights = (found.trait @ direct) @ found.step
        whole = np.array([direct + through_weights, through_weights])[:, None]
        given = direct[None, None]
        yield measure(people, **parameters), standard_errors(whole, sample)[0], standard_errors(given, sample)[0]


@pytest.mark.parametrize("fitted", [HOUSEHOLDS, HOUSEHOLDS // 3])
def test_errors_are_the_spread_over_populations(fitted, monkeypatch):
    """Also where weights are fitted on the first households of a larger population only."""
    for module in (draw, answer):
        monkeypatch.setattr(module, "CALIBRATED", fitted)
    found = np.array([list(values_and_errors(seed)) for seed in range(POPULATIONS)])
    spread = found[..., 0].std(axis=0, ddof=1)
    ratio, as_given = (np.sqrt((found[..., part] ** 2).mean(axis=0)) / spread for part in (1, 2))
    for name, *each in zip(MEASURES, ratio, as_given, strict=True):
        print(f"{name:<20} {each[0]:.2f}, with weights as given {each[1]:.2f}")
    assert np.abs(ratio - 1.0).max() < 0.3  # chance does 0.065 to a spread over 120
    assert np.median(ratio) == pytest.approx(1.0, abs=0.15)
    assert np.median(np.abs(np.log(as_given))) > 0.3  # it makes a difference
