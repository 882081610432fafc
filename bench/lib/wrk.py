"""Load on one URL."""

import re
import subprocess

from failure import Failure

THREADS = 2
CONNECTIONS = 32
# Slow is a result, not an error.
_PATIENCE_SECONDS = 10


def requests_per_second(url: str, seconds: int) -> float:
    """Fails when any reply was not 2xx or a connection broke: such a figure would mean nothing."""
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", f"{_PATIENCE_SECONDS}s", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rate = re.search(r"^Requests/sec:\s+([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode != 0 or rate is None:
        raise Failure(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
    trouble = re.search(r"^\s*(Socket errors:.*|Non-2xx.*)$", done.stdout, re.MULTILINE)
    if trouble is not None:
        raise Failure(f"{url}: {trouble.group(1)}")
    return float(rate.group(1))
