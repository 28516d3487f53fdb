"""Published statistics that come with the package, each figure with its unit, status and source."""

from __future__ import annotations

from incomesim.published.facts import Fact, PlaceFacts, place_names, read_facts
from incomesim.published.mobility_facts import MobilityFact, read_mobility_facts

__all__ = ["Fact", "MobilityFact", "PlaceFacts", "place_names", "read_facts", "read_mobility_facts"]
