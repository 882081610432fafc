"""The command line of bench/run: chooses the suites, runs them one after the other, says what went wrong."""

import argparse
import signal
import sys
from pathlib import Path
from typing import Union

import http_servers_suite
import http_suite
import results
import session_servers_suite
import session_suite
from failure import Failure
from http_load import HttpSuite
from options import Options
from session_runs import SessionSuite

SUITES: dict[str, Union[HttpSuite, SessionSuite]] = {
    "http": http_suite.SUITE,
    "http-postgres": http_servers_suite.POSTGRES,
    "http-mariadb": http_servers_suite.MARIADB,
    "session": session_suite.SUITE,
    "session-postgres": session_servers_suite.POSTGRES,
    "session-mariadb": session_servers_suite.MARIADB,
}

DESCRIPTION = """\
Measures Cuvee beside its peers on this machine and keeps the tables in bench/RESULTS.md.

It installs the Debian packages that are missing and says which (CUVEE_SKIP_INSTALL=1: installs nothing), and the npm
packages of the peers in JavaScript under their lock file; builds Cuvee and the peers in release mode (build-release,
build-bench); starts each server on a loopback port, and private database servers, from a temporary folder; takes the
measurements of one round in turn so that each figure has its pair; and reports the median of the paired ratios. Single
runs differ by 15 %: leave the machine alone meanwhile.
"""

EXIT_CODES = """\
exit codes: 0 everything was measured (goals that were missed are marked in the table); 1 something could not be
measured, built or installed, and RESULTS.md was not touched for that suite; 2 wrong arguments; 130 interrupted.
"""


def suite_help() -> str:
    lines = ["suites (default: all):"]
    for name, suite in SUITES.items():
        lines.append(f"  {name:<17} {suite.summary}")
        lines.append(f"  {'':<17} parts for --only: {', '.join(suite.parts)}")
    return "\n".join(lines)


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/run",
        description=DESCRIPTION,
        epilog=f"{suite_help()}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("suites", nargs="*", metavar="SUITE", help="what to measure")
    parser.add_argument("--rounds", type=positive, default=5, metavar="N", help="rounds that are paired (default 5)")
    load_help = "http: load per server, path and round (default 3)"
    parser.add_argument("--seconds", type=positive, default=3, metavar="N", help=load_help)
    parser.add_argument("--only", metavar="A,B", help="only these parts; the table is printed, not kept")
    parser.add_argument("--output", type=Path, metavar="FILE", help="keep the tables there, not in bench/RESULTS.md")
    arguments = parser.parse_args()
    for name in arguments.suites:
        if name not in SUITES:
            parser.error(f"there is no suite '{name}': {', '.join(SUITES)}")
    check_parts(parser, arguments)
    return arguments


def check_parts(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    known = {part for name in arguments.suites or SUITES for part in SUITES[name].parts}
    for part in filter(None, (arguments.only or "").split(",")):
        if part not in known:
            parser.error(f"there is no part '{part}': {', '.join(sorted(known))}")


def chosen_suites(named: list[str], only: frozenset[str]) -> list[str]:
    """Those that were named, else all; of these the ones that have a part which --only names."""
    return [name for name in named or SUITES if not only or only & set(SUITES[name].parts)]


def run_suite(name: str, options: Options, output: Path) -> bool:
    """True when the suite measured everything that it was asked for."""
    try:
        outcome = SUITES[name].run(options)
    except (Failure, OSError) as failure:
        print(f"bench/run: {name}: {failure}", file=sys.stderr)
        return False
    print(outcome.markdown)
    for line in outcome.missing:
        print(f"bench/run: {name}: {line}", file=sys.stderr)
    if outcome.missing or options.only:
        print(f"bench/run: {name}: the run is not complete, so {output} stays as it is", file=sys.stderr)
    else:
        results.keep_section(output, name, outcome.markdown)
        print(f"bench/run: {name}: kept in {output}", file=sys.stderr)
    return not outcome.missing


def main() -> int:
    arguments = read_arguments()
    root = Path(__file__).resolve().parents[2]
    options = Options(
        root=root,
        rounds=arguments.rounds,
        seconds=arguments.seconds,
        only=frozenset(filter(None, (arguments.only or "").split(","))),
    )
    # A request to end takes the same way out as Ctrl-C, so that every server is ended.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    output = arguments.output or root / "bench" / "RESULTS.md"
    try:
        suites = chosen_suites(arguments.suites, options.only)
        complete = [run_suite(name, options, output) for name in suites]
    except KeyboardInterrupt:
        print("\nbench/run: interrupted; all servers are ended", file=sys.stderr)
        return 130
    return 0 if all(complete) else 1


if __name__ == "__main__":
    sys.exit(main())
