"""A test program in Python that prints TAP: functions are added by @test, run() runs them in order."""
import sys
import traceback

_tests = []


class Skip(Exception):
    """Raised by a test that cannot be run here; says why."""


def test(function):
    """The function is a test; its doc string is its name."""
    _tests.append((function.__doc__.strip(), function))
    return function


def add(name, function):
    """A test made at run time."""
    _tests.append((name, function))


def run():
    failed = 0
    print(f'1..{len(_tests)}', flush=True)
    for number, (name, function) in enumerate(_tests, 1):
        try:
            function()
            print(f'ok {number} - {name}', flush=True)
        except Skip as reason:
            print(f'ok {number} - {name} # SKIP {reason}', flush=True)
        except Exception:  # a test may fail in any way; the next one runs all the same
            failed += 1
            print(f'not ok {number} - {name}')
            for line in traceback.format_exc().splitlines():
                print(f'# {line}', flush=True)
    sys.exit(1 if failed else 0)
