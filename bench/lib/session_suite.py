"""The session on SQLite: Cuvee beside the raw client and SQLAlchemy's ORM."""

import contextlib
import shutil
from pathlib import Path
from typing import Iterator

import build
import session_data
from session_runs import GETS, ROWS, Measure, Place, Program, SessionSuite

_FAMILIES = f"{session_data.PARENTS:,} parents with {session_data.CHILDREN_PER_PARENT} children each"


def build_cuvee(root: Path) -> None:
    build.build_cuvee(root)
    build.build_bench(root, "cuvee_session")


def cuvee_and_raw(root: Path, raw: str, title: str) -> list[Program]:
    """Cuvee's program, and the raw client's of this name."""
    return [
        Program("cuvee", "Cuvee", [str(build.program(root, "session", "cuvee_session"))], build_cuvee),
        Program(
            "raw", title, [str(build.program(root, "session", raw))], lambda folder: build.build_bench(folder, raw)
        ),
    ]


def _programs(root: Path) -> list[Program]:
    script = root / "bench" / "session" / "sqlalchemy_orm.py"
    orm = Program("sqlalchemy", "SQLAlchemy's ORM", ["/usr/bin/python3", "-B", str(script)], patient=False)
    return [*cuvee_and_raw(root, "raw_sqlite", "raw sqlite3 in C"), orm]


@contextlib.contextmanager
def _files(root: Path, folder: Path) -> Iterator[Place]:
    """Each case works on a fresh copy of a file, empty or full."""
    session_data.create_empty(folder / "empty.db")
    session_data.create_full(folder / "full.db", ROWS)

    def fresh_copy(program: Program, measure: Measure) -> str:
        working = folder / "working.db"
        for leftover in folder.glob("working.db*"):
            leftover.unlink()
        shutil.copy(folder / ("empty.db" if measure.peer == "insert" else "full.db"), working)
        return f"sqlite:{working}" if program.name == "cuvee" else str(working)

    yield fresh_copy


SUITE = SessionSuite(
    heading="Session on SQLite",
    summary="a session's loads, gets and writes of 100,000 rows over SQLite, and the memory of a load",
    measures=[
        Measure("load all", "load", "load", 1.4, memory_goal=1.6),
        Measure("load all, read-only session", "load-read-only", "load", 1.15, memory_goal=1.2),
        Measure("row by row", "rows", "rows", 1.15),
        Measure("row by row, the peer's texts copied into an arena", "rows", "rows-copied", 1.15),
        Measure(f"get by key, one by one, {GETS:,} times", "get", "get", 1.5, rows=GETS),
        Measure("add new objects and commit", "insert", "insert", 1.5, writes=True),
        Measure("edit one field of each and commit", "update", "update", 1.7, writes=True),
        Measure(_FAMILIES, "relation", "relation", 1.5),
    ],
    programs=_programs,
    parts=["cuvee", "raw", "sqlalchemy"],
    places=_files,
    notes="A file (WAL, `synchronous=FULL`); each write on a fresh copy of it.",
    packages={"SQLite": "libsqlite3-dev", "SQLAlchemy": "python3-sqlalchemy"},
)
