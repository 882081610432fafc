"""Private database servers for the programs that are measured: started in a folder of their own, and stopped."""

import contextlib
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator
from urllib.parse import parse_qs, urlsplit

from failure import Failure


@dataclass(frozen=True)
class Engine:
    """A server that runs, and how it is reached."""

    name: str
    """postgres or mariadb."""
    socket: str
    """PostgreSQL: the socket's folder; MariaDB: the socket."""
    port: str
    """That the socket's name has; MariaDB's has none."""
    login: str

    def url(self, database: str) -> str:
        """As Cuvee takes it."""
        if self.name == "postgres":
            return f"postgresql://{self.login}@/{database}?host={self.socket}&port={self.port}"
        return f"mariadb://{self.login}@/{database}?socket={self.socket}"

    def place(self, database: str = "") -> str:
        """As the programs in C take it: libpq's connection string, or the socket, a blank, and the database."""
        if self.name == "postgres":
            name = f" dbname={database}" if database else ""
            return f"host={self.socket} port={self.port} user={self.login}{name}"
        return f"{self.socket} {database}".rstrip()

    def environment(self) -> dict[str, str]:
        """As the programs in JavaScript take it."""
        return {"BENCH_SOCKET": self.socket, "BENCH_PORT": self.port, "BENCH_LOGIN": self.login}

    def create(self, database: str) -> None:
        """An empty database for UTF-8."""
        self.run(f"CREATE DATABASE {database}{' CHARACTER SET utf8mb4' if self.name == 'mariadb' else ''};")

    def run(self, sql: str, database: str = "") -> str:
        """Runs statements with the server's own client and answers what it printed, a line per row."""
        if self.name == "postgres":
            command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database or "postgres")]
        else:
            literal = "SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')"
            command = ["mariadb", "--no-defaults", "--skip-column-names", "--raw", f"--socket={self.socket}", f"--user={self.login}"]
            command += ["--default-character-set=utf8mb4", f"--init-command={literal}", database or "mysql"]
        done = subprocess.run(command, input=sql, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failure(f"{self.name} refused: {done.stderr.strip()}")
        return done.stdout


_SCRIPT = Path("tests", "support", "servers")


def read_exports(name: str, printed: str) -> Engine:
    """What the script that starts servers says about one of them."""
    found = re.search(rf'^export CUVEE_TEST_{name.upper()}="(.*)"$', printed, re.MULTILINE)
    if found is None:
        raise Failure(f"{_SCRIPT} does not say where {name} is: {printed.strip()}")
    url = urlsplit(found.group(1))
    options = {key: values[0] for key, values in parse_qs(url.query).items()}
    socket = options["host"] if name == "postgres" else options["socket"]
    return Engine(name, socket, options.get("port", ""), url.username or "")


@contextlib.contextmanager
def running(root: Path, folder: Path, name: str) -> Iterator[Engine]:
    """Starts the server in the folder, which any user must be able to enter, and stops it at the end."""
    script = root / _SCRIPT
    place = folder / "server"
    place.mkdir()
    place.chmod(0o755)
    try:
        command = [str(script), "start", str(place)]
        environment = {**os.environ, "CUVEE_TEST_ENGINES": name}
        # Its output goes to a file: the server would keep a pipe open.
        with (place / "urls").open("w+") as urls, (place / "trouble").open("w+") as trouble:
            done = subprocess.run(command, env=environment, stdout=urls, stderr=trouble, check=False)
        if done.returncode != 0:
            raise Failure(f"{name} did not start: {(place / 'trouble').read_text().strip()}")
        yield read_exports(name, (place / "urls").read_text())
    finally:
        subprocess.run([str(script), "stop", str(place)], check=False)
