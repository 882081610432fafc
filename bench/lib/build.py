"""Release builds of the project and of the peers, each in a folder of its own."""

import subprocess
from pathlib import Path

from failure import Failure

_TOOLS = ["gcc", "libc6-dev", "meson", "ninja-build", "pkg-config"]
_PROJECT = ["libmicrohttpd-dev", "libsqlite3-dev", "libjansson-dev", "libpcre2-dev", "libssl-dev", "zlib1g-dev"]
_PEERS = ["libulfius-dev", "libhoel-dev"]
PACKAGES = _TOOLS + _PROJECT + _PEERS


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        tail = "\n    ".join(done.stdout.strip().splitlines()[-15:])
        raise Failure(f"{what} failed: {' '.join(command)}\n    {tail}")


def _build(source: Path, folder: Path, setup: list[str]) -> None:
    again = ["--reconfigure"] if (folder / "build.ninja").exists() else []
    _run(["meson", "setup", *again, str(folder), str(source), "--buildtype=release", *setup], "the configuration")
    _run(["meson", "compile", "-C", str(folder)], "the build")


def project_folder(root: Path) -> Path:
    return root / "build-release"


def bench_folder(root: Path) -> Path:
    return root / "build-bench"


def build_project(root: Path) -> None:
    """Builds Cuvee."""
    _build(root, project_folder(root), ["-Db_ndebug=if-release"])


def build_bench(root: Path) -> None:
    """Builds the programs that are measured; those that use Cuvee only once Cuvee itself is built."""
    uninstalled = project_folder(root) / "meson-uninstalled"
    _build(root / "bench", bench_folder(root), [f"--pkg-config-path={uninstalled}"])
