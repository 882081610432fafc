"""One line that shows how far a suite is; a line per step where nobody looks at a terminal."""

import sys
import time


class Progress:
    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._done = 0
        self._began = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def _left(self) -> str:
        if self._done == 0:
            return ""
        seconds = (time.monotonic() - self._began) / self._done * (self._steps - self._done)
        return f", {int(seconds) // 60}:{int(seconds) % 60:02} left"

    def _show(self, text: str) -> None:
        if self._terminal:
            print(f"\r\033[K[{self._done}/{self._steps}{self._left()}] {text}", end="", file=sys.stderr, flush=True)

    def begin(self, text: str) -> None:
        """Says what is being measured now."""
        self._show(text)

    def finish(self, text: str) -> None:
        """Says what came out of it."""
        self._done += 1
        self._show(text)
        if not self._terminal:
            print(f"[{self._done}/{self._steps}] {text}", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
