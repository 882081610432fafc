"""Paired ratios: figures of the same round are divided, so that a slow minute slows both."""

from dataclasses import dataclass
from statistics import median
from typing import Optional


@dataclass(frozen=True)
class Ratio:
    median: float
    low: float
    high: float


def paired(ours: list[float], theirs: list[float]) -> Ratio:
    """Of two series of equal length, taken in the same rounds."""
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return Ratio(median(ratios), min(ratios), max(ratios))


@dataclass(frozen=True)
class Goal:
    """A bound that the median ratio should keep."""

    bound: float
    at_least: bool
    """True: more is better (rates); False: less is better (seconds, bytes)."""

    def cells(self, ratio: float) -> list[str]:
        reached = ratio >= self.bound if self.at_least else ratio <= self.bound
        return [f"{'≥' if self.at_least else '≤'} {self.bound}", "reached" if reached else "missed"]


def cells(ours: list[float], theirs: list[float], goal: Optional[Goal]) -> list[str]:
    """The table's last four columns: ratio, its span, goal, verdict."""
    ratio = paired(ours, theirs)
    span = f"{shown(ratio.low)}–{shown(ratio.high)}"
    return [f"{shown(ratio.median)} ×", span, *(goal.cells(ratio.median) if goal else ["", ""])]


NO_CELLS = ["", "", "", ""]


def head(who: str) -> list[str]:
    """The head of a table of comparisons; `who` says what the second column names."""
    return ["measured", who, "median", "Cuvee against it", "lowest–highest", "goal", "result"]


def shown(value: float) -> str:
    """Three figures that matter: 0.873, 1.92, 38.1, 124."""
    digits = 3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f}"
