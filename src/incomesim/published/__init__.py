"""Published statistics of places, each figure with its unit, status and source."""

from __future__ import annotations

from incomesim.published.facts import (
    Distribution,
    PlaceFacts,
    base_years,
    count_households,
    gather_facts,
    missing_figures,
    read_facts,
)
from incomesim.published.lorenz_parameters import LorenzParameters, read_lorenz_parameters
from incomesim.published.mobility_facts import MobilityFact, read_mobility_facts
from incomesim.published.place import Fact, Key, Place, Tile, hash_place, place_names, read_place

__all__ = [
    "Distribution",
    "Fact",
    "Key",
    "LorenzParameters",
    "MobilityFact",
    "Place",
    "PlaceFacts",
    "Tile",
    "base_years",
    "count_households",
    "gather_facts",
    "hash_place",
    "missing_figures",
    "place_names",
    "read_facts",
    "read_lorenz_parameters",
    "read_mobility_facts",
    "read_place",
]
