"""The session on SQLite: Cuvee beside the raw client and SQLAlchemy's ORM, each a program that does one case."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Optional

import build
import ratios
import results
import session_data
import versions
from failure import Failure
from options import Options, Outcome
from progress import Progress
from ratios import Goal

SUMMARY = "a session's loads, gets and writes of 100,000 rows over SQLite, and the memory of a load"
PARTS = ["cuvee", "raw", "sqlalchemy"]

_ROWS = 100_000
_TITLES = {"cuvee": "Cuvee", "raw": "raw sqlite3 in C", "sqlalchemy": "SQLAlchemy's ORM"}
_FAMILIES = f"{session_data.PARENTS:,} parents with {session_data.CHILDREN_PER_PARENT} children each"


@dataclass(frozen=True)
class Measure:
    title: str
    cuvee: Optional[str]
    """Cuvee's case; None where its session has no such call."""
    peer: str
    """The peers' case."""
    goal: float
    """Of the raw client's time."""
    memory_goal: Optional[float] = None
    """Of the raw client's structs and text."""
    writes: bool = False


_MEASURES = [
    Measure("load all", "load", "load", 1.4, memory_goal=1.6),
    Measure("load all, read-only session", "load-read-only", "load", 1.15, memory_goal=1.2),
    Measure("row by row", "rows", "rows", 1.15),
    Measure("get by key, one by one", "get", "get", 1.5),
    Measure("add new objects and commit", "insert", "insert", 1.5, writes=True),
    Measure("edit one field of each and commit", "update", "update", 1.7, writes=True),
    Measure(_FAMILIES, "relation", "relation", 1.5),
]


@dataclass(frozen=True)
class Figure:
    seconds: float
    check: int
    bytes: int


Figures = dict[tuple[str, str], list[Figure]]
"""By title of the measure and program, one per round."""


# --- one program, once ------------------------------------------------------------------------------------------------


def _command(root: Path, program: str) -> list[str]:
    return {
        "cuvee": [str(build.program(root, "session", "cuvee_session"))],
        "raw": [str(build.program(root, "session", "raw_sqlite"))],
        "sqlalchemy": ["/usr/bin/python3", "-B", str(root / "bench" / "session" / "sqlalchemy_orm.py")],
    }[program]


def _run(root: Path, program: str, case: str, database: Path, repeat: int) -> Figure:
    """The median of the repetitions in one process."""
    options = ["--case", case, "--db", str(database), "--rows", str(_ROWS), "--repeat", str(repeat)]
    done = subprocess.run(
        [*_command(root, program), *options],
        capture_output=True,
        text=True,
        env={**os.environ, "LD_LIBRARY_PATH": str(build.libraries(root))},
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(lines) != repeat:
        raise Failure(f"{program}, {case}: {done.stderr.strip() or f'ended with code {done.returncode}'}")
    checks = {line["check"] for line in lines}
    if len(checks) != 1:
        raise Failure(f"{program}, {case}: the repetitions differ: {checks}")
    return Figure(median(line["seconds"] for line in lines), checks.pop(), max(line["bytes"] for line in lines))


def _repeat(measure: Measure, program: str) -> int:
    """A write changes the file, so it is done once; the ORM takes long enough to be measured by one repetition."""
    return 1 if measure.writes or program == "sqlalchemy" else 5


# --- the run ----------------------------------------------------------------------------------------------------------


def _fresh_copy(folder: Path, measure: Measure) -> Path:
    working = folder / "working.db"
    for leftover in folder.glob("working.db*"):
        leftover.unlink()
    shutil.copy(folder / ("empty.db" if measure.peer == "insert" else "full.db"), working)
    return working


def _turns(programs: list[str]) -> list[tuple[Measure, str, str]]:
    """Measure, program and its case, for every program that has one."""
    turns = []
    for measure in _MEASURES:
        for program in programs:
            case = measure.cuvee if program == "cuvee" else measure.peer
            if case is not None:
                turns.append((measure, program, case))
    return turns


def _measure(options: Options, programs: list[str], folder: Path) -> Figures:
    figures: Figures = {}
    turns = _turns(programs)
    progress = Progress(len(turns) * options.rounds)
    with contextlib.closing(progress):
        for number in range(1, options.rounds + 1):
            for measure, program, case in turns:
                label = f"round {number}/{options.rounds}  {measure.title}  {program}"
                progress.begin(label)
                figure = _run(options.root, program, case, _fresh_copy(folder, measure), _repeat(measure, program))
                progress.finish(f"{label}  {figure.seconds * 1000:,.1f} ms")
                figures.setdefault((measure.title, program), []).append(figure)
    return figures


def _check_equal_work(figures: Figures) -> None:
    for measure in _MEASURES:
        checks = {
            program: figure.check
            for (title, program), series in figures.items()
            for figure in series
            if title == measure.title
        }
        if len(set(checks.values())) > 1:
            raise Failure(f"{measure.title}: the programs did not do the same work: {checks}")


# --- the table --------------------------------------------------------------------------------------------------------


def _time_row(measure: Measure, program: str, figures: Figures) -> list[str]:
    seconds = [figure.seconds for figure in figures[measure.title, program]]
    cells = [measure.title, _TITLES[program], f"{median(seconds) * 1000:,.1f} ms"]
    ours = figures.get((measure.title, "cuvee"))
    if program == "cuvee" or ours is None:
        return cells + ratios.NO_CELLS
    goal = Goal(measure.goal, at_least=False) if program == "raw" else None
    return cells + ratios.cells([figure.seconds for figure in ours], seconds, goal)


def _memory_rows(measure: Measure, figures: Figures) -> list[list[str]]:
    raw, ours = figures.get((measure.title, "raw")), figures.get((measure.title, "cuvee"))
    if measure.memory_goal is None or raw is None or ours is None:
        return []
    title = f"memory of: {measure.title}"
    our_bytes, raw_bytes = [figure.bytes for figure in ours], [figure.bytes for figure in raw]
    compared = ratios.cells(our_bytes, raw_bytes, Goal(measure.memory_goal, at_least=False))
    return [
        [title, _TITLES["cuvee"], f"{median(our_bytes) / 2**20:.1f} MiB", *ratios.NO_CELLS],
        [title, "structs and text", f"{median(raw_bytes) / 2**20:.1f} MiB", *compared],
    ]


def _rows(figures: Figures) -> list[list[str]]:
    times = [
        _time_row(measure, program, figures)
        for measure in _MEASURES
        for program in PARTS
        if (measure.title, program) in figures
    ]
    return times + [row for measure in _MEASURES for row in _memory_rows(measure, figures)]


def _markdown(options: Options, figures: Figures) -> str:
    sqlite, sqlalchemy = versions.of_package("libsqlite3-dev"), versions.of_package("python3-sqlalchemy")
    return "\n".join(
        [
            "## Session on SQLite",
            "",
            f"{results.today()}, Cuvee {results.revision(options.root)}. {results.machine()}. "
            f"SQLite {sqlite}, SQLAlchemy {sqlalchemy}.",
            "",
            f"{_ROWS:,} rows of `User(id, name, email)` in a file (WAL, `synchronous=FULL`), {options.rounds_text}, "
            "all programs in turn, each write on a fresh copy of the file. The ratio is Cuvee's time (or bytes) divided by "
            "the peer's: less is better.",
            "",
            results.table(ratios.head("program"), _rows(figures)),
        ]
    )


def _build(root: Path, program: str) -> None:
    if program == "cuvee":
        build.build_cuvee(root)
        build.build_bench(root, "cuvee_session")
    elif program == "raw":
        build.build_bench(root, "raw_sqlite")


def _build_all(options: Options, missing: list[str]) -> list[str]:
    """Builds what is wanted; a program that cannot be built is named in `missing` and left out."""
    built = []
    for program in filter(options.wants, PARTS):
        try:
            _build(options.root, program)
            built.append(program)
        except Failure as failure:
            missing.append(f"{program} is skipped: {failure}")
    return built


def run(options: Options) -> Outcome:
    missing: list[str] = []
    programs = _build_all(options, missing)
    if not programs:
        raise Failure("; ".join(missing) or "no program of this suite was chosen")
    with tempfile.TemporaryDirectory(prefix="cuvee-bench-") as name:
        folder = Path(name)
        session_data.create_empty(folder / "empty.db")
        session_data.create_full(folder / "full.db", _ROWS)
        figures = _measure(options, programs, folder)
    _check_equal_work(figures)
    return Outcome(_markdown(options, figures), missing)
