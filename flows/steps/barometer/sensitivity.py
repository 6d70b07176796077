"""Sensitivity: which choices move the ranks (step 7 of the handbook: sensitivity).

Sobol' indices on the design of A. Saltelli and others ("Variance based sensitivity analysis of
model output", 2010), by the estimators that they advise: their own for the first order, that of
M. Jansen (1999) for the total. M. Saisana, A. Saltelli and S. Tarantola (2005) apply them to
composite indicators, and so does `get_sensitivity` of the R package COINr.
"""

from dataclasses import dataclass

import numpy as np

from flows.steps.barometer.panel import Floats


@dataclass(frozen=True)
class Design:
    """Numbers from 0 to 1, `rows[choice]` of one row per draw, as many columns as it needs.

    First `half` rows, then as many independent ones; then, for each choice in turn, the first
    `base` rows with that choice alone taken from the second half.
    """

    rows: dict[str, Floats]
    half: int
    base: int


def make_design(sizes: dict[str, int], draws: int, base: int, seed: int) -> Design:
    """A design for choices that need *sizes* numbers each; *draws* are the rows of both halves."""
    generator = np.random.Generator(np.random.PCG64(seed))
    half = draws // 2
    base = min(base, half)
    rows = {}
    for at, (choice, size) in enumerate(sizes.items()):
        both = generator.random((draws, size))
        first, second = both[:base], both[half : half + base]
        swapped = [second if other == at else first for other in range(len(sizes))]
        rows[choice] = np.concatenate([both, *swapped])
    return Design(rows, half, base)


def indices(design: Design, outputs: Floats) -> dict[str, tuple[float, float]]:
    """For each choice: its first-order and its total index, from the outputs of the design's rows.

    Nothing varies: all are 0. They are estimates: a first-order index may come out just under 0.
    """
    half, base = design.half, design.base
    first, second = outputs[:base], outputs[half : half + base]
    both = np.concatenate([first, second])
    centre, variance = float(both.mean()), float(both.var())
    found = {}
    for at, choice in enumerate(design.rows):
        swapped = outputs[2 * half + at * base : 2 * half + (at + 1) * base]
        if variance == 0:
            found[choice] = (0.0, 0.0)
            continue
        alone = float(((second - centre) * (swapped - first)).mean()) / variance
        total = float(((first - swapped) ** 2).mean()) / (2 * variance)
        found[choice] = (alone, total)
    return found
