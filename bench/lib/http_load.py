"""Load on HTTP servers that do the same work, and the table that comes of it: what the suites over HTTP share."""

import contextlib
import itertools
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Callable, ContextManager, Optional

import databases
import parts
import ratios
import results
import versions
import wrk
from failure import Failure
from options import Options, Outcome
from progress import Progress
from ratios import Goal
from servers import Recipe, Server

EVENT_THREADS = 2
WORKERS = 4
THREADS = ["--event-threads", str(EVENT_THREADS), "--workers", str(WORKERS)]
LIST = "/users"
ROW = "/users/7"
_NAMES = {LIST: "`/users`, 10 rows", ROW: "`/users/{id}`"}
_WARM_UP_SECONDS = 2
_AFTER_START = "resident, idle after start"
_AFTER_LOAD = "resident, idle after load"

Rates = dict[tuple[str, str], list[float]]
"""Requests per second by path and server, one per round."""

Places = Callable[[Path, Path], ContextManager[Callable[[str], Any]]]
"""From the project's folder and an empty one: makes the databases there; what it gives tells where a server of this name finds its own."""


# --- how each server is started ---------------------------------------------------------------------------------------


def c_server(program: Path, *words: str) -> Callable[[int, Any], list[str]]:
    """A server in C whose databases are where its option --data says."""

    def command(port: int, place: Any) -> list[str]:
        return [str(program), *words, "--port", str(port), "--data", str(place), *THREADS]

    return command


# --- the run ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HttpSuite:
    """Servers over one engine, measured side by side."""

    heading: str
    """The section's title."""
    summary: str
    recipes: Callable[[Path], list[Recipe]]
    """From the project's folder: all the servers."""
    parts: list[str]
    """Their names."""
    places: Places
    goals: dict[tuple[str, str], float]
    """Of Cuvee's rate divided by a server's, by path and server."""
    notes: str
    """How the servers are run."""
    packages: dict[str, str]
    """Debian packages whose versions are told, by what the table calls them."""
    other_versions: Callable[[Path], dict[str, str]] = lambda root: {}
    idle_goal_mib: Optional[float] = None

    def run(self, options: Options) -> Outcome:
        missing: list[str] = []
        if os.getloadavg()[0] > 0.5:
            print("bench/run: other programs are keeping this machine busy; the figures will suffer", file=sys.stderr)
        recipes = parts.build_all(self.recipes(options.root), options, missing)
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cuvee-bench-")))
            # A private database server may run as another user, who passes through.
            folder.chmod(0o755)
            place_of = stack.enter_context(self.places(options.root, folder))
            servers = start_all(recipes, place_of, folder, stack, missing)
            if not servers:
                raise Failure("; ".join(missing) or "no server of this suite was chosen")
            after_start = [(server, server.resident_mib()) for server in servers]
            rates = _measure(servers, options)
            after_load = [(server, server.resident_mib()) for server in servers]
        rows = [_rate_row(path, server, rates, self.goals) for path in _NAMES for server in servers]
        rows += [_memory_row(_AFTER_START, server, mib, self.idle_goal_mib) for server, mib in after_start]
        rows += [_memory_row(_AFTER_LOAD, server, mib, None) for server, mib in after_load]
        return Outcome(self._markdown(options, rows), missing)

    def _markdown(self, options: Options, rows: list[list[str]]) -> str:
        load = f"wrk {versions.of_package('wrk')} with {wrk.THREADS} threads and {wrk.CONNECTIONS} connections"
        named = {name: versions.of_package(package) for name, package in self.packages.items()}
        named.update(self.other_versions(options.root))
        return "\n".join(
            [
                f"## {self.heading}",
                "",
                f"{results.today()}, Cuvee {results.revision(options.root)}. {results.machine()}.",
                "",
                f"{load} on the same machine, {options.rounds_text} of {options.seconds} s after a warm-up, all servers "
                f"in turn. {self.notes} The ratio is Cuvee's figure divided by the peer's. Memory is VmRSS, summed over "
                "a server's processes.",
                "",
                f"Versions: {', '.join(f'{name} {version}' for name, version in named.items())}.",
                "",
                results.table(ratios.head("server"), rows),
            ]
        )


def start_all(
    recipes: list[Recipe],
    place_of: Callable[[str], Any],
    folder: Path,
    stack: contextlib.ExitStack,
    missing: list[str],
) -> list[Server]:
    """Starts and checks the servers; `stack` stops them. One that cannot be used is named in `missing` and left out."""
    servers = []
    for recipe in recipes:
        home = folder / recipe.name
        home.mkdir()
        try:
            server = Server(recipe, home, place_of(recipe.name))
            stack.callback(server.stop)
            server.wait_ready(LIST)
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


def _rate_row(path: str, server: Server, rates: Rates, goals: dict[tuple[str, str], float]) -> list[str]:
    name = server.recipe.name
    figures = [_NAMES[path], server.recipe.title, f"{median(rates[path, name]):,.0f}/s"]
    if name == "cuvee" or (path, "cuvee") not in rates:
        return figures + ratios.NO_CELLS
    bound = goals.get((path, name))
    goal = None if bound is None else Goal(bound, at_least=True)
    return figures + ratios.cells(rates[path, "cuvee"], rates[path, name], goal)


def _memory_row(what: str, server: Server, mib: float, goal: Optional[float]) -> list[str]:
    figures = [what, server.recipe.title, f"{mib:,.1f} MiB"]
    if server.recipe.name != "cuvee" or goal is None:
        return figures + ratios.NO_CELLS
    return [*figures, "", "", f"< {goal} MiB", "reached" if mib < goal else "missed"]
