"""A server under test is started, checked and ended, whatever it does."""

import os
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from failure import Failure
from servers import Recipe, Server

ANSWERS = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path != "/missing" else 404)
        self.send_header("Content-Type", "text/plain" if self.path == "/plain" else "application/json")
        self.end_headers()
        self.wfile.write(b'{"id": 1}')
    def log_message(self, *words):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""

STUBBORN = """
import os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    open(sys.argv[2], "w").write(str(os.getpid()))
signal.pause()
signal.pause()
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class ServerTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def start(self, program: str, *words: str) -> Server:
        recipe = Recipe("fake", "Fake", lambda port, data: [sys.executable, "-c", program, str(port), *words])
        server = Server(recipe, self.folder, self.folder)
        self.addCleanup(server.stop)
        return server

    def test_equal_body_is_accepted_and_another_is_not(self) -> None:
        server = self.start(ANSWERS)
        server.wait_ready("/")
        server.check("/", {"id": 1})
        with self.assertRaisesRegex(Failure, "answers / with .*, not"):
            server.check("/", {"id": 2})

    def test_reply_that_is_not_json_is_refused(self) -> None:
        server = self.start(ANSWERS)
        server.wait_ready("/")
        with self.assertRaisesRegex(Failure, "as text/plain"):
            server.check("/plain", {"id": 1})

    def test_missing_row_must_be_404(self) -> None:
        server = self.start(ANSWERS)
        server.wait_ready("/")
        server.check_missing("/missing")
        with self.assertRaisesRegex(Failure, "with 200, not 404"):
            server.check_missing("/there")

    def test_server_that_ends_is_named_with_its_last_words(self) -> None:
        server = self.start("import sys; print('no such database', file=sys.stderr); sys.exit(3)")
        with self.assertRaisesRegex(Failure, "Fake ended with code 3: no such database"):
            server.wait_ready("/")

    def test_server_that_answers_with_an_error_is_not_ready(self) -> None:
        server = self.start(ANSWERS)
        with self.assertRaisesRegex(Failure, "answers /missing with 404"):
            server.wait_ready("/missing")

    def test_memory_is_that_of_the_process(self) -> None:
        server = self.start(ANSWERS)
        server.wait_ready("/")
        self.assertGreater(server.resident_mib(), 1)
        server.stop()
        self.assertEqual(server.resident_mib(), 0)

    def test_stop_ends_children_that_outlive_their_parent(self) -> None:
        note = self.folder / "child"
        server = self.start(STUBBORN, str(note))
        deadline = time.monotonic() + 20
        while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
            os.sched_yield()
        child = int(note.read_text())
        self.assertTrue(alive(child))
        server.stop()
        # The kernel takes a moment to bury it.
        while alive(child) and time.monotonic() < deadline:
            os.sched_yield()
        self.assertFalse(alive(child))


if __name__ == "__main__":
    unittest.main()
