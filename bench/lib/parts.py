"""The parts of a suite, which --only can choose from."""

from pathlib import Path
from typing import Callable, Protocol, TypeVar

from failure import Failure
from options import Options


class Part(Protocol):
    @property
    def name(self) -> str:
        """What --only calls it."""

    @property
    def build(self) -> Callable[[Path], None]:
        """Makes its program, from the project's folder."""


P = TypeVar("P", bound=Part)


def build_all(parts: list[P], options: Options, missing: list[str]) -> list[P]:
    """Builds those that are wanted; one that cannot be built is named in `missing` and left out."""
    built = []
    for part in parts:
        if not options.wants(part.name):
            continue
        try:
            part.build(options.root)
            built.append(part)
        except Failure as failure:
            missing.append(f"{part.name} is skipped: {failure}")
    return built
