"""Paired ratios: figures of the same round are divided, so that a slow minute slows both."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Ratio:
    median: float
    low: float
    high: float


def paired(ours: list[float], theirs: list[float]) -> Ratio:
    """Of two series of equal length, taken in the same rounds."""
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return Ratio(median(ratios), min(ratios), max(ratios))


def shown(value: float) -> str:
    """Three figures that matter: 0.873, 1.92, 38.1, 124."""
    digits = 3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f}"
