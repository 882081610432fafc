"""The SQLite files that the session suite works on."""

import sqlite3
from pathlib import Path

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
