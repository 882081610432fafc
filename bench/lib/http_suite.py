"""HTTP on SQLite: wrk on the demo's read endpoints, Cuvee beside its peers."""

import contextlib
import os
from pathlib import Path
from typing import Any, Callable, Iterator

import build
import databases
from http_load import EVENT_THREADS, LIST, ROW, WORKERS, HttpSuite, c_server
from servers import Recipe

_UVICORN = {"demo": ("h11", "0"), "tuned": ("httptools", "1")}
"""HTTP parser and BLEND_TUNED of the demo's two forms."""


def _uvicorn(name: str, form: str, title: str, app_folder: Path) -> Recipe:
    parser, tuned = _UVICORN[form]

    def command(port: int, data: Any) -> list[str]:
        place = ["--app-dir", str(app_folder), "--host", "127.0.0.1", "--port", str(port)]
        speed = ["--workers", str(os.cpu_count() or 1), "--loop", "uvloop", "--http", parser]
        quiet = ["--no-access-log", "--log-level", "warning"]
        return ["/usr/bin/python3", "-B", "-m", "uvicorn", "app:app", *place, *speed, *quiet]

    return Recipe(name, title, command, environment=lambda data: {"BLEND_DATA": str(data), "BLEND_TUNED": tuned})


def _peer(root: Path, name: str, title: str, program: str) -> Recipe:
    return Recipe(
        name,
        title,
        c_server(build.program(root, "peers", program)),
        build=lambda folder: build.build_bench(folder, program),
    )


def _recipes(root: Path) -> list[Recipe]:
    app_folder = root / "bench" / "peers" / "fastapi"
    return [
        Recipe("cuvee", "Cuvee", c_server(build.demo(root), "serve"), build=build.build_cuvee),
        _peer(root, "handwritten", "hand-written C (libmicrohttpd, sqlite3)", "handwritten_sqlite"),
        _peer(root, "ulfius", "Ulfius + Hoel", "ulfius"),
        _uvicorn("fastapi", "demo", "the published demo (FastAPI, SQLAlchemy)", app_folder),
        _uvicorn("fastapi-tuned", "tuned", "the same, tuned (pooled connections, httptools)", app_folder),
    ]


@contextlib.contextmanager
def copies(root: Path, folder: Path) -> Iterator[Callable[[str], Path]]:
    """A copy of the files for each server."""
    databases.create(folder / "original")

    def copy_for(name: str) -> Path:
        databases.copy(folder / "original", folder / name / "data")
        return folder / name / "data"

    yield copy_for


SUITE = HttpSuite(
    heading="HTTP on SQLite",
    summary="requests per second on /users and /users/{id} over SQLite, and resident memory",
    recipes=_recipes,
    parts=["cuvee", "handwritten", "ulfius", "fastapi", "fastapi-tuned"],
    places=copies,
    goals={
        (LIST, "handwritten"): 0.85,
        (LIST, "ulfius"): 1.8,
        (LIST, "fastapi"): 50,
        (ROW, "handwritten"): 0.85,
        (ROW, "ulfius"): 1.2,
    },
    notes=f"The C servers with {EVENT_THREADS} event threads and {WORKERS} workers (Ulfius: a thread per connection), "
    "uvicorn with as many workers as cores and uvloop.",
    packages={
        "gcc": "gcc",
        "libmicrohttpd": "libmicrohttpd-dev",
        "SQLite": "libsqlite3-dev",
        "Ulfius": "libulfius-dev",
        "Hoel": "libhoel-dev",
        "FastAPI": "python3-fastapi",
        "Pydantic": "python3-pydantic",
        "SQLAlchemy": "python3-sqlalchemy",
        "uvicorn": "python3-uvicorn",
        "uvloop": "python3-uvloop",
    },
    idle_goal_mib=15,
)
