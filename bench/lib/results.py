"""RESULTS.md: one section per suite, each replaced by the run that measured it; and what a figure was measured on."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

_HEAD = """\
# Results

Written by `bench/run`, which measures everything anew on your machine. Ratios matter, not the absolute figures: each is
the median over rounds in which all peers took turns, with the lowest and the highest beside it.
"""


def keep_section(path: Path, name: str, markdown: str) -> None:
    """Puts a suite's section into the file; other sections stay as they are."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    section = f"{begin}\n{markdown.strip()}\n{end}\n"
    text = path.read_text() if path.exists() else _HEAD
    old = re.compile(re.escape(begin) + ".*?" + re.escape(end) + "\n", re.DOTALL)
    if old.search(text):
        text = old.sub(lambda match: section, text)
    else:
        text = f"{text.rstrip()}\n\n{section}"
    path.write_text(text)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; columns but the first two are aligned to the right."""
    rule = ["---" if index < 2 else "---:" for index in range(len(head))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, rule, *rows])


def _first_match(path: str, pattern: str) -> str:
    try:
        found = re.search(pattern, Path(path).read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1) if found else "?"


def machine() -> str:
    """The machine in one line."""
    cpu = _first_match("/proc/cpuinfo", r"^model name\s*:\s*(.*)$")
    memory = _first_match("/proc/meminfo", r"^MemTotal:\s*(\d+)")
    gib = f"{int(memory) / 1024 / 1024:.0f} GiB" if memory.isdigit() else "?"
    system = _first_match("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)')
    return f"{os.cpu_count()} cores ({cpu}), {gib}, {system}, Linux {platform.release()}"


def revision(root: Path) -> str:
    """The commit that was measured; '+' when the working tree differs from it."""
    command = ["git", "-C", str(root), "describe", "--always", "--dirty=+"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "?"


def today() -> str:
    return datetime.date.today().isoformat()
