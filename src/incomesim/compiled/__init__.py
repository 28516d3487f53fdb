"""How loops over arrays are compiled, what elementary functions they use, where their machine code is kept.

The only door to Numba; the loops themselves are in `incomesim.kernel` and `incomesim.measures.loops`.
"""
