"""The README's program, built and run against an installed copy outside the tree.

Arguments: the build folder, README.md, the demo's source, the public headers.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../support'))
import served  # noqa: E402
import tap  # noqa: E402

BUILD, README, DEMO = (os.path.abspath(path) for path in sys.argv[1:4])
HEADERS = sys.argv[4:]
STRICT = ['-std=c17', '-Wall', '-Wextra', '-Wpedantic', '-Werror']
FOLDER = tempfile.mkdtemp(prefix='cuvee-install-')
STAGE = os.path.join(FOLDER, 'stage')


def run(*command, **more):
    told = subprocess.run(command, capture_output=True, text=True, **more)
    assert told.returncode == 0, f'{command}\n{told.stdout}{told.stderr}'
    return told.stdout


def found(name):
    """Folder of the installed file with this name."""
    for folder, _, names in os.walk(STAGE):
        if name in names:
            return folder
    raise AssertionError(f'{name} was not installed')


def pkg_config(*arguments):
    folder = found('cuvee.pc')
    prefix = run('pkg-config', '--variable=prefix', os.path.join(folder, 'cuvee.pc')).strip()
    environment = dict(os.environ, PKG_CONFIG_PATH=folder)
    return run('pkg-config', f'--define-variable=prefix={STAGE}{prefix}', *arguments, env=environment).split()


def readme_program():
    with open(README, encoding='utf-8') as file:
        blocks = re.findall(r'^```c\n(.*?)^```$', file.read(), re.S | re.M)
    programs = [block for block in blocks if 'int main(' in block]
    assert len(programs) == 1, f'README.md has {len(programs)} programs'
    return programs[0]


def compile_program(name, flags):
    source = os.path.join(FOLDER, 'program.c')
    with open(source, 'w', encoding='utf-8') as file:
        file.write(readme_program())
    program = os.path.join(FOLDER, name)
    run('cc', *STRICT, source, '-o', program, *flags)
    return program


def environment():
    return dict(os.environ, LD_LIBRARY_PATH=found('libcuvee.so.0'))


@tap.test
def installs():
    """meson install puts libraries, headers and pkg-config files into a folder"""
    run('meson', 'install', '-C', BUILD, '--no-rebuild', '--destdir', STAGE)
    for name in ('libcuvee.so', 'libcuvee.so.0', 'libcuvee.a', 'libcuvee-web.so', 'libcuvee-web.so.0', 'libcuvee-web.a',
                 'cuvee.pc', 'cuvee-web.pc'):
        found(name)
    installed = set(os.listdir(found('session.h')))
    assert installed == {os.path.basename(path) for path in HEADERS}, installed


@tap.test
def pkg_config_names_what_is_needed():
    """pkg-config: cuvee-web needs cuvee, and other libraries only for static linking"""
    assert pkg_config('--print-requires', 'cuvee') == []
    assert pkg_config('--print-requires', 'cuvee-web') == ['cuvee']
    assert '-lmicrohttpd' not in pkg_config('--libs', 'cuvee-web')
    static = pkg_config('--static', '--libs', 'cuvee-web')
    for library in ('-lcuvee-web', '-lcuvee', '-lmicrohttpd', '-lz', '-lsqlite3', '-ljansson', '-lpcre2-8', '-lcrypto'):
        assert library in static, f'{library} is not in {static}'


@tap.test
def readme_shows_the_demo():
    """README.md shows the demo's source as it is"""
    with open(DEMO, encoding='utf-8') as file:
        assert readme_program() == file.read(), 'README.md and the demo differ'


@tap.test
def builds():
    """The README's program builds with the flags that pkg-config tells"""
    program = compile_program('program', pkg_config('--cflags', '--libs', 'cuvee-web'))
    openapi = json.loads(run(program, 'openapi', env=environment(), cwd=FOLDER))
    assert {'/users', '/orders', '/signup'} <= set(openapi['paths']), openapi['paths'].keys()


@tap.test
def links_statically():
    """It links with the static libraries too, and with what their pkg-config files require"""
    names = pkg_config('--print-requires-private', 'cuvee-web')
    libraries = [name for name in names if not name[0] in '>=0123456789']
    others = run('pkg-config', '--libs', *libraries).split()
    flags = [*pkg_config('--cflags', 'cuvee-web'), f'-L{found("libcuvee.a")}', '-l:libcuvee-web.a', '-l:libcuvee.a']
    program = compile_program('program-static', [*flags, *others, '-pthread', '-lm'])
    assert 'libcuvee' not in run('readelf', '-d', program)
    json.loads(run(program, 'openapi', cwd=FOLDER))


@tap.test
def serves():
    """It serves its ten users, and stops when it is told to"""
    data = os.path.join(FOLDER, 'data')
    os.mkdir(data)
    with served.serving(os.path.join(FOLDER, 'program'), 'serve', '--data', data, env=environment()) as origin:
        users = served.call(origin + '/users')
    assert [user['id'] for user in users] == list(range(1, 11)), users


try:
    tap.run()
finally:
    shutil.rmtree(FOLDER)
