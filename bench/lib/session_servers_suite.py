"""The session on PostgreSQL and on MariaDB: Cuvee beside the raw client."""

import contextlib
from pathlib import Path
from typing import Callable, Iterator

import engines
import session_data
from session_runs import GETS, ROWS, Measure, Place, Program, SessionSuite
from session_suite import cuvee_and_raw

_MEASURES = [
    Measure("load all", "load", "load", 1.4),
    Measure("load all, read-only session", "load-read-only", "load"),
    Measure("row by row", "rows", "rows"),
    Measure(f"get by key, one by one, {GETS:,} times", "get", "get", rows=GETS),
    Measure("add new objects that have their keys, and commit", "insert-keys", "insert-keys", 1.3, writes=True),
]


def _programs(name: str, title: str) -> Callable[[Path], list[Program]]:
    return lambda root: cuvee_and_raw(root, f"raw_{name}", title)


def _places(name: str) -> Callable[[Path, Path], contextlib.AbstractContextManager[Place]]:
    """A private server with a full database and one that is emptied before each write."""

    @contextlib.contextmanager
    def places(root: Path, folder: Path) -> Iterator[Place]:
        with engines.running(root, folder, name) as engine:
            session_data.create_on(engine, ROWS)

            def ready(program: Program, measure: Measure) -> str:
                database = session_data.EMPTY if measure.writes else session_data.FULL
                if measure.writes:
                    engine.run("TRUNCATE TABLE users;", database)
                return engine.url(database) if program.name == "cuvee" else engine.place(database)

            yield ready

    return places


def _suite(name: str, title: str, raw: str, notes: str, packages: dict[str, str]) -> SessionSuite:
    return SessionSuite(
        heading=f"Session on {title}",
        summary=f"a session's loads, gets and writes of 100,000 rows over {title}",
        measures=_MEASURES,
        programs=_programs(name, raw),
        parts=["cuvee", "raw"],
        places=_places(name),
        notes=notes,
        packages=packages,
    )


POSTGRES = _suite(
    "postgres",
    "PostgreSQL",
    "raw libpq in C",
    "A private server on the same machine, without fsync, reached by its socket. The raw client reads the whole result in "
    "binary (row by row: in single row mode) and writes by COPY in binary.",
    {"PostgreSQL": "postgresql-15", "libpq": "libpq-dev"},
)
MARIADB = _suite(
    "mariadb",
    "MariaDB",
    "raw Connector/C",
    "A private server on the same machine, reached by its socket. The raw client reads by prepared "
    "statements with bound buffers, and writes by bulk binding.",
    {"MariaDB": "mariadb-server-core", "Connector/C": "libmariadb-dev"},
)
