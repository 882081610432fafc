"""The shared libraries export what they should and nothing else. Arguments: libcuvee.so and, if built, libcuvee-web.so."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../support'))
import tap  # noqa: E402

INCLUDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../include/cuvee')
PRIVATE = 'CUVEE_PRIVATE'


def exported(library):
    """(name, version node) of every dynamic symbol that the library defines."""
    told = subprocess.run(['nm', '-D', '--defined-only', library], capture_output=True, text=True, check=True)
    for line in told.stdout.splitlines():
        kind, symbol = line.split()[-2:]
        if kind != 'A':  # the version nodes themselves
            name, _, version = symbol.partition('@@')
            yield name, version


def declared():
    """Names of the functions in the public headers, by header."""
    for header in sorted(os.listdir(INCLUDE)):
        with open(os.path.join(INCLUDE, header), encoding='utf-8') as file:
            for match in re.finditer(r'^[a-z][\w \t]*[\s*]\**(cuvee_\w+)\(', file.read(), re.M):
                yield header, match.group(1)


def add_tests(library, headers, private_too):
    def only_public():
        strangers = [name for name, version in exported(library)
                     if not name.startswith('cuvee_') and not (private_too and version == PRIVATE)]
        assert not strangers, strangers

    def nodes():
        wrong = [(name, version) for name, version in exported(library)
                 if (version == PRIVATE) != name.startswith('cv_') or not version]
        assert not wrong, wrong

    def everything_declared():
        names = {name for name, _ in exported(library)}
        missing = [name for header, name in declared() if headers(header) and name not in names]
        assert not missing, f'declared in a public header, but not exported: {missing}'

    def soname():
        told = subprocess.run(['readelf', '-d', library], capture_output=True, text=True, check=True)
        expected = os.path.basename(library).split('.so')[0] + '.so.0'
        assert f'[{expected}]' in told.stdout, told.stdout

    name = os.path.basename(library)
    tap.add(f'{name} exports nothing but its public face' + (' and CUVEE_PRIVATE' if private_too else ''), only_public)
    tap.add(f'{name} puts cuvee_ and cv_ into their version nodes', nodes)
    tap.add(f'{name} exports every function of its headers', everything_declared)
    tap.add(f'{name} has its soname', soname)


WEB = ('web.h', 'test.h', 'cuvee.h')
add_tests(sys.argv[1], lambda header: header not in WEB, True)
for path in sys.argv[2:]:
    add_tests(path, lambda header: header in WEB, False)
tap.run()
