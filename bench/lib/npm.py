"""Packages of npm that peers are made of, installed under their lock file."""

import shutil
import subprocess
from pathlib import Path

from failure import Failure


def install(source: Path, target: Path) -> None:
    """Installs what the lock file in `source` names into the folder `target`, unless that was done already."""
    lock = (source / "package-lock.json").read_bytes()
    done = target / "installed-lock.json"
    if done.exists() and done.read_bytes() == lock:
        return
    target.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(source / name, target / name)
    command = ["npm", "ci", "--prefer-offline", "--no-progress"]
    try:
        run = subprocess.run(command, cwd=target, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Failure(f"npm cannot be run: {error}") from error
    if run.returncode != 0:
        tail = "\n    ".join((run.stderr or run.stdout).strip().splitlines()[-15:])
        raise Failure(f"{' '.join(command)} in {target} failed:\n    {tail}")
    done.write_bytes(lock)
