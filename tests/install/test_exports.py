"""A shared library exports what its headers declare and nothing else. Arguments: the library, its public headers."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../support'))
import tap  # noqa: E402

LIBRARY, *HEADERS = sys.argv[1:]
NAME = os.path.basename(LIBRARY).split('.so')[0]
PRIVATE = 'CUVEE_PRIVATE'  # what libcuvee shows to libcuvee-web alone


def exported():
    """(name, version node) of every dynamic symbol that the library defines."""
    told = subprocess.run(['nm', '-D', '--defined-only', LIBRARY], capture_output=True, text=True, check=True)
    for line in told.stdout.splitlines():
        kind, symbol = line.split()[-2:]
        if kind != 'A':  # the version nodes themselves
            name, _, version = symbol.partition('@@')
            yield name, version


@tap.test
def only_public():
    """It exports cuvee_*, and cv_* at most under CUVEE_PRIVATE"""
    private = PRIVATE if NAME == 'libcuvee' else None
    strangers = [name for name, version in exported() if not name.startswith('cuvee_') and version != private]
    assert not strangers, strangers


@tap.test
def nodes():
    """Every symbol has a version node, CUVEE_PRIVATE those that begin with cv_"""
    wrong = [(name, version) for name, version in exported() if not version or
             (version == PRIVATE) != name.startswith('cv_')]
    assert not wrong, wrong


@tap.test
def everything_declared():
    """It exports every function that its headers declare and do not define"""
    names = {name for name, _ in exported()}
    declared = set()
    for header in HEADERS:
        with open(header, encoding='utf-8') as file:
            declared |= set(re.findall(r'^(?!static )[a-z][\w \t]*[\s*]\**(cuvee_\w+)\(', file.read(), re.M))
    assert len(declared) > 10 and declared <= names, declared - names


@tap.test
def nothing_undeclared():
    """It exports no function that its headers do not declare"""
    text = ''
    for header in HEADERS:
        with open(header, encoding='utf-8') as file:
            text += file.read()
    strangers = [name for name, version in exported() if version != PRIVATE and not re.search(rf'\b{name}\b', text)]
    assert not strangers, strangers


@tap.test
def soname():
    """It has its soname"""
    told = subprocess.run(['readelf', '-d', LIBRARY], capture_output=True, text=True, check=True)
    assert f'[{NAME}.so.0]' in told.stdout, told.stdout


tap.run()
