"""Experiments: more than one run, or a run set beside what was observed."""

from __future__ import annotations

from incomesim.experiment.hindcast import hindcast

__all__ = ["hindcast"]
