"""What the suites of sessions work on: SQLite files, or two databases on a server."""

import sqlite3
from pathlib import Path

from engines import Engine

PARENTS = 1000
CHILDREN_PER_PARENT = 100

_TABLES = """
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL);
CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parents (id), name TEXT NOT NULL);
CREATE INDEX children_parent_id ON children (parent_id);
"""


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.executescript(_TABLES)
    return database


def create_empty(path: Path) -> None:
    _open(path).close()


def create_full(path: Path, users: int) -> None:
    """`users` users, and parents with their children side by side."""
    database = _open(path)
    with database:
        database.executemany(
            "INSERT INTO users VALUES (?, ?, ?)",
            ((i, f"Name of user {i}", f"user.{i}@example.com") for i in range(1, users + 1)),
        )
        database.executemany(
            "INSERT INTO parents VALUES (?, ?)", ((i, f"Name of parent {i}") for i in range(1, PARENTS + 1))
        )
        database.executemany(
            "INSERT INTO children VALUES (?, ?, ?)",
            (
                (i + 1, i // CHILDREN_PER_PARENT + 1, f"Name of child {i + 1}")
                for i in range(PARENTS * CHILDREN_PER_PARENT)
            ),
        )
    database.close()


EMPTY = "bench_empty"
FULL = "bench_full"

_SERVER_TABLES = {
    "postgres": "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, email text NOT NULL);",
    "mariadb": "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(100) NOT NULL, email varchar(100) NOT NULL);",
}
_SERVER_ROWS = {
    "postgres": "SELECT i, 'Name of user ' || i, 'user.' || i || '@example.com' FROM generate_series(1, {}) AS i",
    "mariadb": "SELECT seq, CONCAT('Name of user ', seq), CONCAT('user.', seq, '@example.com') FROM seq_1_to_{}",
}
_ANALYZE = {"postgres": "ANALYZE users", "mariadb": "ANALYZE TABLE users"}


def create_on(engine: Engine, users: int) -> None:
    """Makes an empty and a full database on the server."""
    for database in (EMPTY, FULL):
        engine.create(database)
        engine.run(_SERVER_TABLES[engine.name], database)
    engine.run(f"INSERT INTO users {_SERVER_ROWS[engine.name].format(users)};\n{_ANALYZE[engine.name]};", FULL)
