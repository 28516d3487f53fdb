"""How people change place: between groups, in rank, in income, and what that does to longer incomes.

Both incomes are of the same people, row by row; `before` may be that of parents and `after` that of children.
"""
