"""A whole as the sum of its parts: inequality and poverty by group, by source of income, and over time.

Each function returns a frozen result whose parts add up, exactly and without a residual unless one is named.
"""
