"""A session beside the raw client, each a program that does one case: what the suites of sessions share."""

import contextlib
import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Callable, ContextManager, Optional

import build
import parts
import ratios
import results
import versions
from failure import Failure
from options import Options, Outcome
from progress import Progress
from ratios import Goal

ROWS = 100_000
GETS = 20_000

@dataclass(frozen=True)
class Measure:
    title: str
    cuvee: Optional[str]
    """Cuvee's case; None where its session has no such call."""
    peer: str
    """The peers' case."""
    goal: Optional[float] = None
    """Of the raw client's time."""
    memory_goal: Optional[float] = None
    """Of the raw client's structs and text."""
    writes: bool = False
    rows: int = ROWS


@dataclass(frozen=True)
class Program:
    """One that does the cases."""

    name: str
    """What --only calls it."""
    title: str
    """What the table calls it."""
    command: list[str]
    build: Callable[[Path], None] = lambda root: None
    """Makes the program, from the project's folder."""
    patient: bool = True
    """Whether a case is repeated for the median; one that takes long is measured by one repetition."""


Place = Callable[[Program, Measure], str]
"""Makes the database ready for a case, and tells it as the program takes it."""


@dataclass(frozen=True)
class Figure:
    seconds: float
    check: int
    bytes: int


Figures = dict[tuple[str, str], list[Figure]]
"""By title of the measure and program, one per round."""


# --- one program, once ------------------------------------------------------------------------------------------------


def _run(root: Path, program: Program, case: str, measure: Measure, place: str) -> Figure:
    """The median of the repetitions in one process. A write changes the database, so it is done once."""
    repeat = 5 if program.patient and not measure.writes else 1
    options = ["--case", case, "--db", place, "--rows", str(measure.rows), "--repeat", str(repeat)]
    done = subprocess.run(
        [*program.command, *options],
        capture_output=True,
        text=True,
        env={**os.environ, "LD_LIBRARY_PATH": str(build.libraries(root))},
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(lines) != repeat:
        raise Failure(f"{program.name}, {case}: {done.stderr.strip() or f'ended with code {done.returncode}'}")
    checks = {line["check"] for line in lines}
    if len(checks) != 1:
        raise Failure(f"{program.name}, {case}: the repetitions differ: {checks}")
    return Figure(median(line["seconds"] for line in lines), checks.pop(), max(line["bytes"] for line in lines))


# --- the run ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SessionSuite:
    """Sessions over one engine, measured beside its raw client."""

    heading: str
    """The section's title."""
    summary: str
    measures: list[Measure]
    programs: Callable[[Path], list[Program]]
    """From the project's folder: Cuvee, the raw client, and others."""
    parts: list[str]
    """Their names."""
    places: Callable[[Path, Path], ContextManager[Place]]
    """From the project's folder and an empty one: makes the databases."""
    notes: str
    packages: dict[str, str]
    """Debian packages whose versions are told, by what the table calls them."""

    def run(self, options: Options) -> Outcome:
        missing: list[str] = []
        programs = parts.build_all(self.programs(options.root), options, missing)
        if not programs:
            raise Failure("; ".join(missing) or "no program of this suite was chosen")
        with tempfile.TemporaryDirectory(prefix="cuvee-bench-") as name:
            folder = Path(name)
            # A private database server may run as another user, who passes through.
            folder.chmod(0o755)
            with self.places(options.root, folder) as place_of:
                figures = _measure(options, turns(self.measures, programs), place_of)
        check_equal_work(self.measures, figures)
        return Outcome(self._markdown(options, table_rows(self.measures, programs, figures)), missing)

    def _markdown(self, options: Options, rows: list[list[str]]) -> str:
        named = ", ".join(f"{name} {versions.of_package(package)}" for name, package in self.packages.items())
        return "\n".join(
            [
                f"## {self.heading}",
                "",
                f"{results.today()}, Cuvee {results.revision(options.root)}. {results.machine()}. {named}.",
                "",
                f"{ROWS:,} rows of `User(id, name, email)`, {options.rounds_text}, all programs in turn. {self.notes} "
                "The ratio is Cuvee's time (or bytes) divided by the peer's: less is better.",
                "",
                results.table(ratios.head("program"), rows),
            ]
        )


def turns(measures: list[Measure], programs: list[Program]) -> list[tuple[Measure, Program, str]]:
    """Measure, program and its case, for every program that has one."""
    taken = []
    for measure in measures:
        for program in programs:
            case = measure.cuvee if program.name == "cuvee" else measure.peer
            if case is not None:
                taken.append((measure, program, case))
    return taken


def _measure(options: Options, taken: list[tuple[Measure, Program, str]], place_of: Place) -> Figures:
    figures: Figures = {}
    progress = Progress(len(taken) * options.rounds)
    with contextlib.closing(progress):
        for number in range(1, options.rounds + 1):
            for measure, program, case in taken:
                label = f"round {number}/{options.rounds}  {measure.title}  {program.name}"
                progress.begin(label)
                figure = _run(options.root, program, case, measure, place_of(program, measure))
                progress.finish(f"{label}  {figure.seconds * 1000:,.1f} ms")
                figures.setdefault((measure.title, program.name), []).append(figure)
    return figures


def check_equal_work(measures: list[Measure], figures: Figures) -> None:
    for measure in measures:
        checks = {
            program: figure.check
            for (title, program), series in figures.items()
            for figure in series
            if title == measure.title
        }
        if len(set(checks.values())) > 1:
            raise Failure(f"{measure.title}: the programs did not do the same work: {checks}")


# --- the table --------------------------------------------------------------------------------------------------------


def _time_row(measure: Measure, program: Program, figures: Figures) -> list[str]:
    seconds = [figure.seconds for figure in figures[measure.title, program.name]]
    cells = [measure.title, program.title, f"{median(seconds) * 1000:,.1f} ms"]
    ours = figures.get((measure.title, "cuvee"))
    if program.name == "cuvee" or ours is None:
        return cells + ratios.NO_CELLS
    goal = None if program.name != "raw" or measure.goal is None else Goal(measure.goal, at_least=False)
    return cells + ratios.cells([figure.seconds for figure in ours], seconds, goal)


def _memory_rows(measure: Measure, figures: Figures) -> list[list[str]]:
    raw, ours = figures.get((measure.title, "raw")), figures.get((measure.title, "cuvee"))
    if measure.memory_goal is None or raw is None or ours is None:
        return []
    title = f"memory of: {measure.title}"
    our_bytes, raw_bytes = [figure.bytes for figure in ours], [figure.bytes for figure in raw]
    compared = ratios.cells(our_bytes, raw_bytes, Goal(measure.memory_goal, at_least=False))
    return [
        [title, "Cuvee", f"{median(our_bytes) / 2**20:.1f} MiB", *ratios.NO_CELLS],
        [title, "structs and text", f"{median(raw_bytes) / 2**20:.1f} MiB", *compared],
    ]


def table_rows(measures: list[Measure], programs: list[Program], figures: Figures) -> list[list[str]]:
    times = [
        _time_row(measure, program, figures)
        for measure in measures
        for program in programs
        if (measure.title, program.name) in figures
    ]
    return times + [row for measure in measures for row in _memory_rows(measure, figures)]
