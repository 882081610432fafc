"""Release builds of the project and of the peers, each in a folder of its own."""

import subprocess
from pathlib import Path

from failure import Failure


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        tail = "\n    ".join(done.stdout.strip().splitlines()[-15:])
        raise Failure(f"{what} failed: {' '.join(command)}\n    {tail}")


def _configure(source: Path, folder: Path, setup: list[str]) -> None:
    again = ["--reconfigure"] if (folder / "build.ninja").exists() else []
    _run(["meson", "setup", *again, str(folder), str(source), "--buildtype=release", *setup], "the configuration")


def demo(root: Path) -> Path:
    """The demo application, once Cuvee is built."""
    return root / "build-release" / "examples" / "blend-demo" / "blend-demo"


def libraries(root: Path) -> Path:
    """The folder of Cuvee's libraries, once it is built."""
    return root / "build-release" / "installed" / "lib"


def program(root: Path, folder: str, name: str) -> Path:
    """A program of this bench, once it is built."""
    return root / "build-bench" / folder / name


def build_cuvee(root: Path) -> None:
    """Builds Cuvee and installs it inside its build folder, so that programs here use it as a user's do."""
    folder = root / "build-release"
    _configure(root, folder, ["-Dtests=disabled", "-Dweb=enabled", "-Dpostgres=enabled", "-Dmariadb=enabled", f"--prefix={folder / 'installed'}", "--libdir=lib"])
    _run(["meson", "install", "-C", str(folder), "--quiet"], "the build")


def build_bench(root: Path, target: str) -> None:
    """Builds one of the programs that are measured; one that uses Cuvee once Cuvee is built."""
    folder = root / "build-bench"
    _configure(root / "bench", folder, [f"--pkg-config-path={libraries(root) / 'pkgconfig'}"])
    _run(["meson", "compile", "-C", str(folder), target], "the build")
