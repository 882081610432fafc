"""The two databases that every server serves copies of."""

import shutil
import sqlite3
from pathlib import Path

# Some need escaping or more than ASCII: a peer may not save itself that work.
USERS = [
    (1, "John Doe", "john.doe@example.com"),
    (2, "Søren Ødegård", "soren.odegard@example.com"),
    (3, 'Mary "May" Jones', "mary.jones@example.com"),
    (4, "Zoë O'Neill", "zoe.oneill@example.com"),
    (5, "Ángel Muñoz", "angel.munoz@example.com"),
    (6, "Li Na 李娜", "li.na@example.com"),
    (7, "Priya Raghunathan", "priya.raghunathan@example.com"),
    (8, "Back\\slash Brown", "bs.brown@example.com"),
    (9, "Anna Kowalska", "anna.kowalska@example.com"),
    (10, "Grace Hopper", "grace.hopper@example.com"),
]

ORDERS = [
    (1, "Lamp", 2),
    (2, 'Screen 27"', 1),
    (3, "Café table", 4),
    (4, "Notebook", 12),
    (5, "Desk", 1),
    (6, "Chair", 6),
    (7, "Keyboard", 3),
    (8, "Cable\t2 m", 40),
    (9, "Bookshelf", 2),
    (10, "Teapot", 1),
]

USER_FIELDS = ("id", "name", "email")
ORDER_FIELDS = ("id", "item", "quantity")

_USERS_TABLE = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE)"
_ORDERS_TABLE = "CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT NOT NULL, quantity INTEGER NOT NULL)"


def _create(path: Path, table: str, insert: str, rows: list[tuple]) -> None:
    database = sqlite3.connect(path)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        with database:
            database.execute(table)
            database.executemany(insert, rows)
    finally:
        database.close()


def create(folder: Path) -> None:
    """Makes accounts.db and sales.db in WAL mode, ten rows each."""
    folder.mkdir(parents=True)
    _create(folder / "accounts.db", _USERS_TABLE, "INSERT INTO users VALUES (?, ?, ?)", USERS)
    _create(folder / "sales.db", _ORDERS_TABLE, "INSERT INTO orders VALUES (?, ?, ?)", ORDERS)


def copy(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for name in ("accounts.db", "sales.db"):
        shutil.copy(source / name, target / name)


def as_json(fields: tuple[str, ...], row: tuple) -> dict:
    """A row as the servers must answer it."""
    return dict(zip(fields, row))
