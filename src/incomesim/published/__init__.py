"""Published statistics that come with the package, each figure with its unit, status and source."""

from __future__ import annotations

from incomesim.published.facts import Fact, PlaceFacts, place_names, read_facts

__all__ = ["Fact", "PlaceFacts", "place_names", "read_facts"]
