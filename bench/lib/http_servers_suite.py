"""HTTP on PostgreSQL and on MariaDB: wrk on the demo's read endpoints, Cuvee beside hand-written C and Fastify."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any, Callable, Iterator

import build
import databases
import engines
import npm
from engines import Engine
from http_load import EVENT_THREADS, ROW, THREADS, WORKERS, HttpSuite, c_server
from servers import Recipe

_PROCESSES = os.cpu_count() or 1


def _cuvee(root: Path) -> Recipe:
    def command(port: int, engine: Any) -> list[str]:
        places = ["--accounts", engine.url("accounts"), "--sales", engine.url("sales")]
        return [str(build.demo(root)), "serve", "--port", str(port), *places, *THREADS]

    return Recipe("cuvee", "Cuvee", command, build=build.build_cuvee)


def _handwritten(root: Path, engine: str, library: str) -> Recipe:
    program = f"handwritten_{engine}"
    start = c_server(build.program(root, "peers", program))
    return Recipe(
        "handwritten",
        f"hand-written C (libmicrohttpd, {library})",
        lambda port, place: start(port, place.place()),
        build=lambda folder: build.build_bench(folder, program),
    )


def packages_folder(root: Path) -> Path:
    """Where the packages of the peers in JavaScript are installed."""
    return root / "build-bench" / "fastify"


def _fastify(root: Path, name: str, title: str, client: str, form: list[str]) -> Recipe:
    source = root / "bench" / "peers" / "fastify"

    def environment(engine: Engine) -> dict[str, str]:
        return {**engine.environment(), "BENCH_PACKAGES": str(packages_folder(root)), "NODE_ENV": "production"}

    return Recipe(
        name,
        title,
        lambda port, engine: ["node", str(source / "server.mjs"), client, str(port), *form],
        environment=environment,
        build=lambda folder: npm.install(source, packages_folder(folder)),
    )


def _recipes(engine: str, library: str, package: str) -> Callable[[Path], list[Recipe]]:
    tuned = f"the same, tuned (prepared statements, {_PROCESSES} processes)"

    def recipes(root: Path) -> list[Recipe]:
        return [
            _cuvee(root),
            _handwritten(root, engine, library),
            _fastify(root, "fastify", f"Fastify + {package}", engine, ["1", "plain"]),
            _fastify(root, "fastify-tuned", tuned, engine, [str(_PROCESSES), "prepared"]),
        ]

    return recipes


def _places(name: str) -> Callable[[Path, Path], Any]:
    """One private server with the databases, which all programs read."""

    @contextlib.contextmanager
    def places(root: Path, folder: Path) -> Iterator[Callable[[str], Engine]]:
        with engines.running(root, folder, name) as engine:
            databases.create_on(engine)
            yield lambda part: engine

    return places


def _npm_versions(package: str) -> Callable[[Path], dict[str, str]]:
    def versions(root: Path) -> dict[str, str]:
        lock = json.loads((root / "bench" / "peers" / "fastify" / "package-lock.json").read_text())
        return {name: lock["packages"][f"node_modules/{name}"]["version"] for name in ("fastify", package)}

    return versions


def _suite(name: str, title: str, library: str, package: str, packages: dict[str, str]) -> HttpSuite:
    return HttpSuite(
        heading=f"HTTP on {title}",
        summary=f"requests per second on /users and /users/{{id}} over {title}",
        recipes=_recipes(name, library, package),
        parts=["cuvee", "handwritten", "fastify", "fastify-tuned"],
        places=_places(name),
        goals={(ROW, "handwritten"): 0.85, (ROW, "fastify"): 2.5},
        notes=f"One private {title} server on the same machine, reached by its socket. The C servers with "
        f"{EVENT_THREADS} event threads and {WORKERS} workers, Fastify as its users run it: one process, a pool of ten connections, statements with parameters.",
        packages={"gcc": "gcc", "libmicrohttpd": "libmicrohttpd-dev", **packages},
        other_versions=_npm_versions(package),
    )


POSTGRES = _suite(
    "postgres", "PostgreSQL", "libpq", "pg", {"PostgreSQL": "postgresql-15", "libpq": "libpq-dev"}
)
MARIADB = _suite(
    "mariadb",
    "MariaDB",
    "Connector/C",
    "mariadb",
    {"MariaDB": "mariadb-server-core", "Connector/C": "libmariadb-dev"},
)
