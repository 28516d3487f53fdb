"""Compiled code of a run: loops over arrays, random numbers with addresses, the yearly step.

Nothing here validates, names or shapes; `incomesim.plan` does, and hands over arrays.
"""
