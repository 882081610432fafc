"""What the command line asked for, and what a suite answers."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Options:
    root: Path
    """The project's folder."""
    rounds: int
    seconds: int
    only: frozenset[str]
    """Names of parts; empty means all."""

    @property
    def rounds_text(self) -> str:
        return "1 round" if self.rounds == 1 else f"{self.rounds} rounds"

    def wants(self, part: str) -> bool:
        return not self.only or part in self.only


@dataclass
class Outcome:
    markdown: str
    """The suite's section of RESULTS.md."""
    missing: list[str] = field(default_factory=list)
    """One line for each thing that was asked for and could not be measured."""
