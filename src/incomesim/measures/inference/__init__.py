"""How sure a measure is: influence functions, designs of samples, standard errors, replicate weights.

In the files of influence functions every `of_MEASURE(people, value, ...)` takes ranked incomes, the measure of
them and its parameters, and returns the derivative u of the measure with respect to the weight of each ranked
row. In their formulas y is income, r income over its mean, N the sum of weights, Y that of weight times income.
"""
