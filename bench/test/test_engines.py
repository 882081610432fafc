"""Private servers are found and told to programs; packages of npm are installed once."""

import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import databases
import engines
import http_servers_suite
import npm
import session_data
from failure import Failure

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = """\
export CUVEE_TEST_POSTGRES="postgresql://cuvee@/postgres?host=/tmp/pg&port=5433"
export CUVEE_TEST_MARIADB="mariadb://root@/mysql?socket=/tmp/maria/socket"
"""


class EngineTest(unittest.TestCase):
    def test_postgres_is_told_in_every_form(self) -> None:
        engine = engines.read_exports("postgres", EXPORTS)
        self.assertEqual(engine.url("sales"), "postgresql://cuvee@/sales?host=/tmp/pg&port=5433")
        self.assertEqual(engine.place(), "host=/tmp/pg port=5433 user=cuvee")
        self.assertEqual(engine.place("sales"), "host=/tmp/pg port=5433 user=cuvee dbname=sales")
        self.assertEqual(engine.environment()["BENCH_PORT"], "5433")

    def test_mariadb_is_told_in_every_form(self) -> None:
        engine = engines.read_exports("mariadb", EXPORTS)
        self.assertEqual(engine.url("sales"), "mariadb://root@/sales?socket=/tmp/maria/socket")
        self.assertEqual(engine.place(), "/tmp/maria/socket")
        self.assertEqual(engine.place("sales"), "/tmp/maria/socket sales")
        self.assertEqual(engine.environment()["BENCH_SOCKET"], "/tmp/maria/socket")

    def test_server_that_says_nothing_is_a_failure(self) -> None:
        with self.assertRaisesRegex(Failure, "does not say where mariadb is: nothing"):
            engines.read_exports("mariadb", "nothing\n")

    def test_rows_become_sql_without_losing_a_character(self) -> None:
        sql = databases.insert_text("users", [(4, "Zoë O'Neill", "a\\b")])
        self.assertEqual(sql, "INSERT INTO users VALUES (4, 'Zoë O''Neill', 'a\\b');\n")

    def test_cuvee_reaches_both_databases_by_their_urls(self) -> None:
        engine = engines.read_exports("postgres", EXPORTS)
        command = http_servers_suite.POSTGRES.recipes(ROOT)[0].command(8123, engine)
        self.assertEqual(command[command.index("--accounts") + 1], engine.url("accounts"))
        self.assertEqual(command[command.index("--sales") + 1], engine.url("sales"))


@unittest.skipUnless(shutil.which("mariadbd") and Path("/usr/lib/postgresql").exists(), "the servers are not installed")
class RealServerTest(unittest.TestCase):
    def check(self, name: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            with engines.running(ROOT, Path(folder), name) as engine:
                databases.create_on(engine)
                names = engine.run("SELECT name FROM users ORDER BY id;", "accounts").splitlines()
                self.assertEqual(names, [row[1] for row in databases.USERS])
                session_data.create_on(engine, 3)
                last = engine.run("SELECT email FROM users WHERE id = 3;", session_data.FULL)
                self.assertEqual(last.strip(), "user.3@example.com")
                with self.assertRaisesRegex(Failure, f"(?s){name} refused: .*nonsense"):
                    engine.run("SELECT nonsense;", "accounts")
                pid = int(next(Path(folder).rglob("*.pid")).read_text())
            self.assertFalse(Path(f"/proc/{pid}").exists())

    def test_postgres_is_filled_and_ended(self) -> None:
        self.check("postgres")

    def test_mariadb_is_filled_and_ended(self) -> None:
        self.check("mariadb")


NPM = """\
#!/bin/sh
echo run >> "$NPM_NOTE"
[ -z "$NPM_FAILS" ] || { echo 'no such package' >&2; exit 1; }
"""


class NpmTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        folder = Path(temporary.name)
        self.source, self.target, self.note = folder / "source", folder / "target", folder / "note"
        self.source.mkdir()
        for name in ("package.json", "package-lock.json", ".npmrc"):
            (self.source / name).write_text(name)
        (folder / "npm").write_text(NPM)
        (folder / "npm").chmod(0o755)
        path = f"{folder}:{os.environ['PATH']}"
        patch = mock.patch.dict(os.environ, {"PATH": path, "NPM_NOTE": str(self.note), "NPM_FAILS": ""})
        patch.start()
        self.addCleanup(patch.stop)

    def runs(self) -> int:
        return len(self.note.read_text().splitlines()) if self.note.exists() else 0

    def test_packages_are_installed_once_for_a_lock_file(self) -> None:
        npm.install(self.source, self.target)
        npm.install(self.source, self.target)
        self.assertEqual(self.runs(), 1)
        (self.source / "package-lock.json").write_text("another")
        npm.install(self.source, self.target)
        self.assertEqual(self.runs(), 2)

    def test_failure_is_told_and_tried_again(self) -> None:
        with mock.patch.dict(os.environ, {"NPM_FAILS": "1"}):
            with self.assertRaisesRegex(Failure, "no such package"):
                npm.install(self.source, self.target)
        npm.install(self.source, self.target)
        self.assertEqual(self.runs(), 2)

    def test_missing_npm_is_a_failure(self) -> None:
        with mock.patch.dict(os.environ, {"PATH": "/nowhere"}):
            with self.assertRaisesRegex(Failure, "npm cannot be run"):
                npm.install(self.source, self.target)


class LockTest(unittest.TestCase):
    def test_lock_file_names_no_place(self) -> None:
        lock = (ROOT / "bench" / "peers" / "fastify" / "package-lock.json").read_text()
        self.assertNotIn("resolved", lock)


if __name__ == "__main__":
    unittest.main()
