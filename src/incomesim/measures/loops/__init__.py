"""Compiled loops over large arrays of incomes; `incomesim.measures` loads them when an array is large.

Each works on a range of fixed blocks and leaves a row of sums for every block, so threads may share the blocks
out as they like and the result has the same bits. Nothing here validates.
"""
