"""Debian packages: which are missing, and their installation."""

import os
import shutil
import subprocess
import sys

from failure import Failure


def _query(package: str, field: str) -> str:
    command = ["dpkg-query", "-W", "-f", "${" + field + "}", package]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _installed(package: str) -> bool:
    return _query(package, "db:Status-Status") == "installed"


def version(package: str) -> str:
    """The version without epoch and packaging revision, '?' when the package is not there."""
    if shutil.which("dpkg-query") is None:
        return "?"
    return _query(package, "Version").split(":")[-1].split("-")[0].split("+")[0] or "?"


def _install(packages: list[str]) -> None:
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt_get = [*as_root, "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    command = [*apt_get, "install", "-y", "--no-install-recommends", *packages]
    quiet = {"stdout": subprocess.DEVNULL, "env": environment, "check": False}
    if subprocess.run(command, **quiet).returncode == 0:
        return
    # A fresh machine has no list of packages yet.
    subprocess.run([*apt_get, "update"], **quiet)
    if subprocess.run(command, **quiet).returncode != 0:
        raise Failure(f"could not install {' '.join(packages)}")


def ensure(packages: list[str], may_install: bool) -> None:
    """Installs what is missing and says so; fails where it may not or cannot."""
    if shutil.which("dpkg-query") is None:
        print("bench/run: this is no Debian; it needs what these packages hold: " + " ".join(packages), file=sys.stderr)
        return
    missing = [package for package in packages if not _installed(package)]
    if not missing:
        return
    if not may_install:
        raise Failure(f"packages are missing: {' '.join(missing)}")
    print(f"bench/run: installing {' '.join(missing)}", file=sys.stderr)
    _install(missing)
