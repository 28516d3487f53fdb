"""How often intervals of 95 % have the measure of the population, under each kind of design, against the truth known."""

from functools import partial

import numpy as np
import pytest
from scipy.stats import norm

from incomesim import measures
from incomesim.measures import Design, estimate, estimate_difference

SIGMA, ROWS, SAMPLES = 0.5, 3_000, 5_000  # a coverage of 95 % is found within 0.92 of it (three standard errors)
MEASURES = {
    "gini": measures.gini,
    "mld": measures.mld,
    "theil": measures.theil,
    "poor": partial(measures.fgt, line=0.6, order=0),
    "poverty gap": partial(measures.fgt, line=0.6, order=1),
    "median": measures.median,
    "P90/P10": partial(measures.quantile_ratio, upper=0.9, lower=0.1),
    "top tenth": partial(measures.share, lower=0.9, upper=1.0),
    "palma": partial(measures.share_ratio, top=0.1, bottom=0.4),
    "at risk of poverty": measures.arpr,
    "middle": partial(measures.share_around_median, lower=0.75, upper=2.0),
}


def taxed(income):
    return income - 0.3 * np.maximum(income - 1.0, 0.0) + 0.1


def simple(random):
    return np.exp(SIGMA * random.standard_normal(ROWS)), None, Design()


def weighted(random):
    """The richer, the likelier: the number of rows is chance too."""
    income = np.exp(SIGMA * random.standard_normal(2 * ROWS))
    chance = income / (1.0 + income)
    drawn = random.random(2 * ROWS) < chance
    return income[drawn], 1.0 / chance[drawn], Design()


def stratified(random):
    """Six tenths live in a poorer and more equal stratum, from which half of the sample comes."""
    half = ROWS // 2
    poorer, richer = random.standard_normal((2, half))
    income = np.concatenate([np.exp(0.8 * SIGMA * poorer - 0.3), np.exp(SIGMA * richer + 0.5)])
    return income, np.repeat([0.6, 0.4], half), Design(strata=np.repeat([0, 1], half))


def clustered(random):
    """Villages of eight households, which have a quarter of the variance of logs in common, and weights."""
    villages = ROWS // 8
    logs = 0.5 * np.repeat(random.standard_normal(villages), 8) + np.sqrt(0.75) * random.standard_normal(8 * villages)
    weight = np.repeat(random.uniform(0.5, 1.5, villages), 8)
    return np.exp(SIGMA * logs), weight, Design(clusters=np.repeat(np.arange(villages), 8))


def everybody(draw, number=400_000):
    logs = SIGMA * norm.ppf((np.arange(number) + 0.5) / number)
    if draw is stratified:
        return np.concatenate([np.exp(0.8 * logs - 0.3), np.exp(logs + 0.5)]), np.repeat([0.6, 0.4], number)
    return np.exp(logs), np.ones(number)


def coverage(draw, samples=SAMPLES, seed=20_260_101):
    """Shares (measures,) of samples whose interval has the truth; the last is that of the change of the Gini by a tax."""
    income, weight = everybody(draw)
    people = measures.rank(income, weight)
    truth = {name: measure(people) for name, measure in MEASURES.items()}
    change = measures.gini(taxed(income), weight) - truth["gini"]
    random, hits = np.random.default_rng(seed), dict.fromkeys([*MEASURES, "change of the gini"], 0)
    for _ in range(samples):
        income, weight, design = draw(random)
        people = measures.rank(income, weight)
        for name, measure in MEASURES.items():
            found = estimate(measure, people, design=design)
            hits[name] += found.low <= truth[name] <= found.high
        found = estimate_difference(measures.gini, income, taxed(income), weight, design=design)
        hits["change of the gini"] += found.low <= change <= found.high
    return {name: hit / samples for name, hit in hits.items()}


@pytest.mark.parametrize("draw", [simple, weighted, stratified, clustered], ids=lambda draw: draw.__name__)
def test_intervals_have_the_truth_as_often_as_they_say(draw):
    found = coverage(draw)
    print({name: round(100.0 * share, 1) for name, share in found.items()})
    assert {name: share for name, share in found.items() if not 0.94 <= share <= 0.96} == {}


@pytest.mark.parametrize("rows", [200, 1_000])
def test_heavy_tails_and_few_rows_have_it_less_often(rows):
    """Pareto's tail of 2.5, where Theil's T has no variance to speak of: docs/measures.md says so, and how much."""
    random, exponent, samples = np.random.default_rng(3), 2.5, 2_000
    truth = 1.0 / (exponent - 1.0) - np.log(exponent / (exponent - 1.0))
    hits = 0
    for _ in range(samples):
        found = estimate(measures.theil, 1.0 + random.pareto(exponent, rows))
        hits += found.low <= truth <= found.high
    print(rows, hits / samples)
    assert hits / samples < 0.9


def test_persons_for_households_look_too_sure():
    """Three persons of each household as if each had been drawn: intervals are too short by the root of three."""
    random, samples, hits = np.random.default_rng(4), 1_000, np.zeros(2)
    truth = 2.0 * norm.cdf(SIGMA / np.sqrt(2.0)) - 1.0
    home = np.repeat(np.arange(1_000), 3)
    for _ in range(samples):
        income = np.repeat(np.exp(SIGMA * random.standard_normal(1_000)), 3)
        both = [estimate(measures.gini, income, design=design) for design in (Design(), Design(clusters=home))]
        hits += [found.low <= truth <= found.high for found in both]
    persons, households = hits / samples
    assert persons < 0.8
    assert 0.93 <= households <= 0.97
