"""Runs a page's program in a new folder and compares what it prints with the page: run.py PROGRAM PAGE."""
import difflib
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../support'))
import extract  # noqa: E402
import tap  # noqa: E402

PROGRAM, PAGE = (os.path.abspath(path) for path in sys.argv[1:3])


@tap.test
def says_what_the_page_says():
    """the page's program prints what the page says"""
    with open(PAGE, encoding='utf-8') as file:
        expected = extract.output(file.read())
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([PROGRAM], cwd=folder, capture_output=True, text=True, timeout=120)
    difference = difflib.unified_diff(expected.splitlines(), ran.stdout.splitlines(), 'page', 'program', lineterm='')
    assert ran.stdout == expected, '\n'.join(difference) + ran.stderr
    assert ran.returncode == 0, f'exit code {ran.returncode}\n{ran.stderr}'


tap.run()
