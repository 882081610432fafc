"""Counts single tests.

    count.py meson LOG       in Meson's testlog.json
    count.py tap FILE        in a TAP text

Prints `PASSED FAILED`. A test program that printed TAP counts as the tests in it, another one as one test. Tests that were
planned and never reached, and a program that failed without a failed test, count as failed; so does a program that was skipped
although the database servers run (CUVEE_TEST_POSTGRES).
"""
import json
import os
import re
import sys

LINE = re.compile(r'^(not )?ok\b[^#\n]*(#\s*skip)?', re.I | re.M)
PLAN = re.compile(r'^1\.\.(\d+)', re.M)


def count_tap(text):
    passed = failed = skipped = 0
    for negative, skip in LINE.findall(text):
        if skip:  # cmocka writes it as "not ok"
            skipped += 1
        elif negative:
            failed += 1
        else:
            passed += 1
    planned = sum(int(number) for number in PLAN.findall(text))
    return passed, failed + max(0, planned - passed - failed - skipped)


def count_program(result, text):
    passed, failed = count_tap(text)
    if result == 'SKIP' and os.environ.get('CUVEE_TEST_POSTGRES'):
        failed += 1
    if result in ('FAIL', 'ERROR', 'TIMEOUT', 'INTERRUPT') and not failed:
        failed = 1
    if result == 'OK' and not LINE.search(text):
        passed = 1
    return passed, failed


def count_meson(path):
    passed = failed = 0
    with open(path, encoding='utf-8') as log:
        for line in log:
            program = json.loads(line)
            good, bad = count_program(program['result'], program.get('stdout', ''))
            passed += good
            failed += bad
    return passed, failed


def main():
    kind, path = sys.argv[1:]
    if kind == 'meson':
        print(*count_meson(path))
    else:
        with open(path, encoding='utf-8') as file:
            print(*count_tap(file.read()))


if __name__ == '__main__':
    main()
