"""Release builds of the project and of the peers, each in a folder of its own."""

import subprocess
from pathlib import Path

from failure import Failure

PACKAGES = ["gcc", "libc6-dev", "meson", "ninja-build", "pkg-config"]
PROJECT_PACKAGES = ["libmicrohttpd-dev", "libsqlite3-dev", "libjansson-dev", "libpcre2-dev", "libssl-dev", "zlib1g-dev"]


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        tail = "\n    ".join(done.stdout.strip().splitlines()[-15:])
        raise Failure(f"{what} failed: {' '.join(command)}\n    {tail}")


def _build(source: Path, folder: Path, setup: list[str]) -> None:
    if not (folder / "build.ninja").exists():
        _run(["meson", "setup", str(folder), str(source), "--buildtype=release", *setup], "the configuration")
    _run(["meson", "compile", "-C", str(folder)], "the build")


def build_project(root: Path) -> Path:
    """Builds Cuvee; answers the build folder."""
    folder = root / "build-release"
    _build(root, folder, ["-Db_ndebug=if-release"])
    return folder


def build_peers(root: Path) -> Path:
    """Builds the peers that are written in C; answers the build folder."""
    folder = root / "build-peers"
    _build(root / "bench" / "peers", folder, [])
    return folder
