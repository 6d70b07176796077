"""Sparks: the small drawings that stand in a line of text, as SVG without script."""

from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 80, 20, 2


def sparkline(periods: Sequence[str], values: Sequence[float | None]) -> str:
    """The path of a series; empty under three values. Nothing is drawn across a gap."""
    known = [value for value in values if value is not None]
    if len(known) < 3:
        return ""
    places = _places(periods)
    low, high = min(known), max(known)
    spread = high - low or 1
    told, pen = [], "M"
    for place, value in zip(places, values, strict=True):
        if value is None:
            pen = "M"
            continue
        y = HEIGHT - MARGIN - (value - low) / spread * (HEIGHT - 2 * MARGIN)
        told.append(f"{pen}{place:.0f} {y if high > low else HEIGHT / 2:.0f}")
        pen = "L"
    return "".join(told)


def _places(periods: Sequence[str]) -> list[float]:
    """How far along each period stands: years as far apart as they are, others evenly."""
    if all(period.isdigit() for period in periods):
        moments = [float(period) for period in periods]
    else:
        moments = [float(number) for number in range(len(periods))]
    spread = moments[-1] - moments[0] or 1
    return [MARGIN + (each - moments[0]) / spread * (WIDTH - 2 * MARGIN) for each in moments]
