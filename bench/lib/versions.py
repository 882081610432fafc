"""Versions of the software that a figure was measured with."""

import re
import shutil
import subprocess


def of_package(package: str) -> str:
    """The upstream version of a Debian package, '?' when it is not known."""
    if shutil.which("dpkg-query") is None:
        return "?"
    command = ["dpkg-query", "-W", "-f", "${Version}", package]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return _upstream(shown)


def _upstream(version: str) -> str:
    """Without Debian's epoch before it and repackaging mark and revision behind it: 1:4.6.5-1+deb12u1 is 4.6.5."""
    found = re.fullmatch(r"(?:\d+:)?([^-+]+).*", version)
    return found.group(1) if found else "?"
