"""HTTP on SQLite: wrk on the demo's read endpoints, Cuvee beside its peers."""

import contextlib
import itertools
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

import build
import databases
import ratios
import results
import versions
import wrk
from failure import Failure
from options import Options, Outcome
from progress import Progress
from ratios import Goal
from servers import Recipe, Server

SUMMARY = "requests per second on /users and /users/{id} over SQLite, and resident memory"
PARTS = ["cuvee", "handwritten", "ulfius", "fastapi", "fastapi-tuned"]

_EVENT_THREADS = 2
_WORKERS = 4
_WARM_UP_SECONDS = 2
_USER = 7
_LIST = "/users"
_ROW = f"/users/{_USER}"
_NAMES = {_LIST: "`/users`, 10 rows", _ROW: "`/users/{id}`"}
_GOALS = {
    (_LIST, "handwritten"): 0.85,
    (_LIST, "ulfius"): 1.8,
    (_LIST, "fastapi"): 50,
    (_ROW, "handwritten"): 0.85,
    (_ROW, "ulfius"): 1.2,
}
_IDLE_GOAL_MIB = 15

Rates = dict[tuple[str, str], list[float]]
"""Requests per second by path and server, one per round."""


# --- how each server is started ---------------------------------------------------------------------------------------


def _c_server(program: Path, *words: str):
    def command(port: int, data: Path) -> list[str]:
        threads = ["--event-threads", str(_EVENT_THREADS), "--workers", str(_WORKERS)]
        return [str(program), *words, "--port", str(port), "--data", str(data), *threads]

    return command


def _uvicorn(app_folder: Path, parser: str):
    def command(port: int, data: Path) -> list[str]:
        place = ["--app-dir", str(app_folder), "--host", "127.0.0.1", "--port", str(port)]
        speed = ["--workers", str(os.cpu_count() or 1), "--loop", "uvloop", "--http", parser]
        quiet = ["--no-access-log", "--log-level", "warning"]
        return ["/usr/bin/python3", "-B", "-m", "uvicorn", "app:app", *place, *speed, *quiet]

    return command


def _recipes(root: Path) -> list[Recipe]:
    app_folder = root / "bench" / "peers" / "fastapi"
    return [
        Recipe("cuvee", "Cuvee", _c_server(build.demo(root), "serve")),
        Recipe("handwritten", "hand-written C (libmicrohttpd, sqlite3)", _c_server(build.program(root, "peers", "handwritten"))),
        Recipe("ulfius", "Ulfius + Hoel", _c_server(build.program(root, "peers", "ulfius"))),
        Recipe(
            "fastapi",
            "the published demo (FastAPI, SQLAlchemy)",
            _uvicorn(app_folder, "h11"),
            lambda data: {"BLEND_DATA": str(data), "BLEND_TUNED": "0"},
        ),
        Recipe(
            "fastapi-tuned",
            "the same, tuned (pooled connections, httptools)",
            _uvicorn(app_folder, "httptools"),
            lambda data: {"BLEND_DATA": str(data), "BLEND_TUNED": "1"},
        ),
    ]


# --- the run ----------------------------------------------------------------------------------------------------------


def _build(root: Path, name: str) -> None:
    if name == "cuvee":
        build.build_cuvee(root)
    elif name in ("handwritten", "ulfius"):
        build.build_bench(root, name)


def _build_all(options: Options, missing: list[str]) -> list[Recipe]:
    """Builds what is wanted; a part that cannot be built is named in `missing` and left out."""
    built = []
    for recipe in _recipes(options.root):
        if not options.wants(recipe.name):
            continue
        try:
            _build(options.root, recipe.name)
            built.append(recipe)
        except Failure as failure:
            missing.append(f"{recipe.name} is skipped: {failure}")
    return built


def _start_all(recipes: list[Recipe], folder: Path, stack: contextlib.ExitStack, missing: list[str]) -> list[Server]:
    servers = []
    databases.create(folder / "original")
    for recipe in recipes:
        home = folder / recipe.name
        databases.copy(folder / "original", home / "data")
        try:
            server = Server(recipe, home, home / "data")
            stack.callback(server.stop)
            server.wait_ready(_LIST)
            _check(server)
            servers.append(server)
        except (Failure, OSError, ValueError) as failure:
            missing.append(f"{recipe.name} is skipped: {failure}")
    return servers


def _check(server: Server) -> None:
    """Every peer must do the same work: equal bodies for every path that the demo reads."""
    users = [databases.as_json(databases.USER_FIELDS, row) for row in databases.USERS]
    server.check("/users", users)
    server.check("/orders", [databases.as_json(databases.ORDER_FIELDS, row) for row in databases.ORDERS])
    for user in users:
        server.check(f"/users/{user['id']}", user)
    server.check_missing("/users/999999")


def _measure(servers: list[Server], options: Options) -> Rates:
    """Rounds in which every server takes its turn; each round begins with another one."""
    rates: Rates = {}
    progress = Progress(len(servers) * len(_NAMES) * (options.rounds + 1))
    with contextlib.closing(progress):
        for number in range(options.rounds + 1):
            seconds = options.seconds if number > 0 else min(_WARM_UP_SECONDS, options.seconds)
            label = f"round {number}/{options.rounds}" if number > 0 else "warm-up"
            shift = number % len(servers)
            for path, server in itertools.product(_NAMES, servers[shift:] + servers[:shift]):
                progress.begin(f"{label}  {path}  {server.recipe.name}")
                rate = wrk.requests_per_second(server.url(path), seconds)
                progress.finish(f"{label}  {path}  {server.recipe.name}  {rate:,.0f}/s")
                if number > 0:
                    rates.setdefault((path, server.recipe.name), []).append(rate)
    return rates


# --- the table --------------------------------------------------------------------------------------------------------


def _rate_row(path: str, server: Server, rates: Rates) -> list[str]:
    name = server.recipe.name
    figures = [_NAMES[path], server.recipe.title, f"{median(rates[path, name]):,.0f}/s"]
    if name == "cuvee" or (path, "cuvee") not in rates:
        return figures + ratios.NO_CELLS
    bound = _GOALS.get((path, name))
    goal = None if bound is None else Goal(bound, at_least=True)
    return figures + ratios.cells(rates[path, "cuvee"], rates[path, name], goal)


def _memory_row(what: str, server: Server, mib: float) -> list[str]:
    figures = [what, server.recipe.title, f"{mib:,.1f} MiB"]
    if server.recipe.name != "cuvee" or what != _AFTER_START:
        return figures + ratios.NO_CELLS
    return [*figures, "", "", f"< {_IDLE_GOAL_MIB} MiB", "reached" if mib < _IDLE_GOAL_MIB else "missed"]


_AFTER_START = "resident, idle after start"
_AFTER_LOAD = "resident, idle after load"


def _versions() -> str:
    named = {
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
    }
    return ", ".join(f"{name} {versions.of_package(package)}" for name, package in named.items())


def _markdown(options: Options, rows: list[list[str]]) -> str:
    load = f"wrk {versions.of_package('wrk')} with {wrk.THREADS} threads and {wrk.CONNECTIONS} connections"
    return "\n".join(
        [
            "## HTTP on SQLite",
            "",
            f"{results.today()}, Cuvee {results.revision(options.root)}. {results.machine()}.",
            "",
            f"{load} on the same machine, {options.rounds_text} of {options.seconds} s after a warm-up, all servers "
            f"in turn. The C servers with {_EVENT_THREADS} event threads and {_WORKERS} workers (Ulfius: a thread per "
            "connection), uvicorn with as many workers as cores and uvloop. The ratio is Cuvee's figure divided by the "
            "peer's. Memory is VmRSS, summed over a server's processes.",
            "",
            f"Versions: {_versions()}.",
            "",
            results.table(ratios.head("server"), rows),
        ]
    )


def run(options: Options) -> Outcome:
    missing: list[str] = []
    if os.getloadavg()[0] > 0.5:
        print("bench/run: other programs are keeping this machine busy; the figures will suffer", file=sys.stderr)
    recipes = _build_all(options, missing)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cuvee-bench-")))
        servers = _start_all(recipes, folder, stack, missing)
        if not servers:
            raise Failure("; ".join(missing) or "no server of this suite was chosen")
        after_start = [_memory_row(_AFTER_START, server, server.resident_mib()) for server in servers]
        rates = _measure(servers, options)
        after_load = [_memory_row(_AFTER_LOAD, server, server.resident_mib()) for server in servers]
    load_rows = [_rate_row(path, server, rates) for path in _NAMES for server in servers]
    return Outcome(_markdown(options, [*load_rows, *after_start, *after_load]), missing)
