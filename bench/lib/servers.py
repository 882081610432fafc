"""One server under test: started on a loopback port, checked, measured, and ended whatever happens."""

import json
import os
import random
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional

from failure import Failure

_START_SECONDS = 30
_STOP_SECONDS = 10


@dataclass(frozen=True)
class Recipe:
    """How a server is started."""

    name: str
    """What --only calls it."""
    title: str
    """What the table calls it."""
    command: Callable[[int, Any], list[str]]
    """From port and the place of its databases."""
    environment: Callable[[Any], dict[str, str]] = lambda place: {}
    """From the place too."""
    build: Callable[[Path], None] = lambda root: None
    """Makes the program, from the project's folder."""


def _free_port() -> int:
    for _ in range(100):
        port = random.randint(20001, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Failure("found no free port on the loopback interface")


def _group_of(pid: str) -> Optional[int]:
    try:
        # The name, in parentheses, may hold anything; the fields after it are state, parent, group.
        return int(Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[2])
    except (OSError, ValueError, IndexError):
        return None


def _resident_kib(pid: str) -> int:
    try:
        for line in Path("/proc", pid, "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


class Server:
    """A running server; the leader of its own process group, so that its children are known as well."""

    def __init__(self, recipe: Recipe, folder: Path, place: Any) -> None:
        self.recipe = recipe
        self.port = _free_port()
        self._log = folder / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                recipe.command(self.port, place),
                env={**os.environ, **recipe.environment(place)},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def wait_ready(self, path: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise Failure(f"{self.recipe.title} ended with code {self._process.returncode}: {self._last_words()}")
            try:
                with urllib.request.urlopen(self.url(path), timeout=5):
                    return
            except urllib.error.HTTPError as error:
                raise Failure(f"{self.recipe.title} answers {path} with {error.code}: {self._last_words()}") from error
            except OSError:
                time.sleep(0.05)
        raise Failure(f"{self.recipe.title} does not answer: {self._last_words()}")

    def check(self, path: str, expected: Any) -> None:
        """Fails unless the reply is JSON and equal to what is expected."""
        with urllib.request.urlopen(self.url(path), timeout=10) as reply:
            kind = reply.headers.get_content_type()
            body = json.load(reply)
        if kind != "application/json":
            raise Failure(f"{self.recipe.title} answers {path} as {kind}")
        if body != expected:
            raise Failure(f"{self.recipe.title} answers {path} with {body}, not {expected}")

    def check_missing(self, path: str) -> None:
        """Fails unless the reply is 404."""
        try:
            with urllib.request.urlopen(self.url(path), timeout=10) as reply:
                status = reply.status
        except urllib.error.HTTPError as error:
            status = error.code
        if status != 404:
            raise Failure(f"{self.recipe.title} answers {path} with {status}, not 404")

    def resident_mib(self) -> float:
        """VmRSS of all its processes, in MiB."""
        pids = [entry for entry in os.listdir("/proc") if entry.isdigit()]
        return sum(_resident_kib(pid) for pid in pids if _group_of(pid) == self._process.pid) / 1024

    def stop(self) -> None:
        """Asks it to end; what is left of its process group after that is killed."""
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
