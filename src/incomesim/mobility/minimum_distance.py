"""The process whose autocorrelations come nearest to observed ones.

Minimum distance (Chamberlain 1984, Handbook of Econometrics 2) over the region where shares of variance are
shares. Each lag counts by its number of pairs. Weights that are estimated with the moments, as the optimal ones are,
bias the estimates in small samples (Altonji & Segal 1996, Journal of Business & Economic Statistics 14(3)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space
from scipy.optimize import minimize_scalar, nnls
from scipy.special import chdtrc

__all__ = ["MOST_PERSISTENCE", "PARAMETERS", "FitTest", "Fitted", "fit_process", "implied"]

Reals = NDArray[np.float64]

MOST_PERSISTENCE = 0.999
"""Highest persistence that is tried: beyond it the persistent part cannot be told from the fixed one."""

PARAMETERS = ("persistence", "fixed", "persistent", "transitory")
_NOTHING = 1e-6
_GRID = np.linspace(0.0, MOST_PERSISTENCE, 201)


@dataclass(frozen=True)
class FitTest:
    """Whether the moments differ from the process by more than chance: a chi-square and its degrees of freedom."""

    statistic: float
    freedom: int
    p_value: float


@dataclass(frozen=True, eq=False)
class Fitted:
    """Persistence, and the fixed, persistent and transitory shares of variance, in this order.

    `errors` (4) are standard errors, given those parameters that are at the boundary of the region, whose own is NaN;
    `boundary` names them. `test` is None where a parameter is at the boundary or no degree of freedom is left.
    """

    value: Reals
    errors: Reals
    boundary: tuple[str, ...]
    test: FitTest | None


def implied(value: Reals, lag: NDArray[np.int64]) -> Reals:
    """Return the correlations at lags of 1 and more of the process with `value` as in `Fitted`."""
    fitted: Reals = value[1] + value[2] * value[0] ** lag
    return fitted


def fit_process(lag: NDArray[np.int64], moments: Reals, covariance: Reals, weight: Reals) -> Fitted:
    """Return the process that comes nearest to `moments` (K) at `lag` (K), by sum of squares with `weight` (K)."""
    step = _GRID[1]
    losses = [_best_shares(persistence, lag, moments, weight)[1] for persistence in _GRID]
    start = _GRID[int(np.argmin(losses))]
    near = minimize_scalar(
        lambda persistence: _best_shares(persistence, lag, moments, weight)[1],
        bounds=(max(0.0, start - step), min(MOST_PERSISTENCE, start + step)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    persistence = float(near.x) if near.fun < min(losses) else float(start)
    fixed, persistent = _best_shares(persistence, lag, moments, weight)[0]
    persistence = persistence if persistent > _NOTHING else 0.0
    value = np.array([persistence, fixed, persistent, max(0.0, 1.0 - fixed - persistent)])
    directions, boundary = _free_directions(value)
    slopes = _slopes(value, lag) @ directions
    return Fitted(
        value,
        _errors(slopes, directions, covariance, weight),
        boundary,
        None if boundary else _test(slopes, moments - implied(value, lag), covariance),
    )


def _best_shares(persistence: float, lag: NDArray[np.int64], moments: Reals, weight: Reals) -> tuple[Reals, float]:
    """Fixed and persistent share, not negative and at most 1 together, and the loss."""
    root = np.sqrt(weight / weight.sum())
    columns = root[:, None] * np.column_stack([np.ones(len(lag)), persistence**lag])
    wanted = root * moments
    shares, _ = nnls(columns, wanted)
    if shares.sum() > 1.0:  # the problem is convex, so the best is where the transitory share is 0
        difference = columns[:, 0] - columns[:, 1]
        length = difference @ difference
        fixed = np.clip(difference @ (wanted - columns[:, 1]) / length, 0.0, 1.0) if length > 0.0 else 0.0
        shares = np.array([fixed, 1.0 - fixed])
    rest = wanted - columns @ shares
    return shares, float(rest @ rest)


def _free_directions(value: Reals) -> tuple[Reals, tuple[str, ...]]:
    """Directions (3, free) in persistence, fixed and persistent share that stay in the region, and what is at its ends.

    The fixed, persistent and transitory shares add up to 1, so one that is 0 leaves the others one direction fewer.
    """
    persistence, *shares = value
    ends = [name for name, share in zip(PARAMETERS[1:], shares, strict=True) if not _NOTHING < share < 1.0 - _NOTHING]
    columns = []
    if shares[1] > _NOTHING and _NOTHING < persistence < MOST_PERSISTENCE - _NOTHING:
        columns.append([1.0, 0.0, 0.0])
    else:
        ends.insert(0, "persistence")
    moving = [name for name in PARAMETERS[1:] if name not in ends]
    gains = {"fixed": [0.0, 1.0, 0.0], "persistent": [0.0, 0.0, 1.0], "transitory": [0.0, 0.0, 0.0]}
    if moving:
        last = np.array(gains[moving[-1]])
        columns += [list(np.array(gains[name]) - last) for name in moving[:-1]]
    return np.array(columns).reshape(-1, 3).T, tuple(ends)


def _slopes(value: Reals, lag: NDArray[np.int64]) -> Reals:
    persistence, _, persistent, _ = value
    by_persistence = persistent * lag * persistence ** (lag - 1)
    return np.column_stack([by_persistence, np.ones(len(lag)), persistence**lag])


def _errors(slopes: Reals, directions: Reals, covariance: Reals, weight: Reals) -> Reals:
    """Standard errors (4) by the sandwich; NaN where nothing moves a parameter."""
    weighted = slopes * weight[:, None]
    inverse = np.linalg.pinv(slopes.T @ weighted)
    free = inverse @ weighted.T @ covariance @ weighted @ inverse
    to_all = np.vstack([directions, -directions[1] - directions[2]])
    variance = np.diag(to_all @ free @ to_all.T)
    return np.where(np.abs(to_all).sum(axis=1) > 0.0, np.sqrt(np.maximum(variance, 0.0)), np.nan)


def _test(slopes: Reals, rest: Reals, covariance: Reals) -> FitTest | None:
    """What is left of the moments where the parameters do not reach, against its covariance (Newey 1985)."""
    beyond = null_space(slopes.T)
    freedom = beyond.shape[1]
    within = beyond.T @ covariance @ beyond
    if freedom == 0 or np.linalg.matrix_rank(within) < freedom:
        return None
    left = beyond.T @ rest
    statistic = float(left @ np.linalg.solve(within, left))
    return FitTest(statistic, freedom, float(chdtrc(freedom, statistic)))
