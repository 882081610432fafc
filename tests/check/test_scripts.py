"""The scripts tell people what they need, install it once, and refuse wrong arguments. Prints TAP.

The system is played by stand-ins in a folder that is all of PATH: they write down what they were asked.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..'))
sys.path.insert(0, os.path.join(ROOT, 'tests/support'))
import tap  # noqa: E402

REAL = ('bash', 'sed', 'grep', 'sort', 'env', 'cat', 'readlink')
INSTALLED = 'for name in "$@"; do case $name in -*|\\$*) ;; *) [ "$name" = "$MISSING" ] || echo "installed $name";; esac; done'


class System:
    """A make-believe machine: root or not, with apt or not, with a Node.js of some origin or none."""

    def __init__(self, root=True, apt=True, sudo=True, node='18', npm=True, missing=''):
        self.bin = tempfile.mkdtemp(prefix='cuvee-scripts-')
        self.record = os.path.join(self.bin, 'record')
        self.missing = missing
        for name in REAL:
            os.symlink(shutil.which(name), os.path.join(self.bin, name))
        self.stand_in('id', f'echo {0 if root else 1000}')
        if apt:
            self.stand_in('apt-get', f'echo "apt-get $*" >>{self.record}')
            self.stand_in('dpkg-query', INSTALLED)
        if sudo:
            self.stand_in('sudo', f'echo "sudo $1" >>{self.record}; exec "$@"')
        if node:
            self.stand_in('node', f'case $1 in -p) echo {node};; *) echo v{node}.0.0;; esac')
        if npm:
            self.stand_in('npm', 'true')

    def stand_in(self, name, script):
        path = os.path.join(self.bin, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(f'#!{shutil.which("bash")}\n{script}\n')
        os.chmod(path, 0o755)

    def install(self, *groups, **environment):
        """Exit code, what was said, and what apt and sudo were asked."""
        told = subprocess.run(
            [shutil.which('bash'), '-c', f'set -euo pipefail; . script/lib/packages.sh; install_packages {" ".join(groups)}'],
            cwd=ROOT, env={'PATH': self.bin, 'MISSING': self.missing, **environment}, capture_output=True, text=True)
        asked = ''
        if os.path.exists(self.record):
            with open(self.record, encoding='utf-8') as file:
                asked = file.read()
        shutil.rmtree(self.bin)
        return told.returncode, told.stdout + told.stderr, asked


def script(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@tap.test
def nothing_twice():
    """When everything is there, nothing is said and nothing is asked of apt"""
    assert System().install('build', 'test') == (0, '', '')


@tap.test
def installs_what_is_missing():
    """What is missing, and only that, is named and installed"""
    code, said, asked = System(missing='uthash-dev').install('build', 'test')
    assert code == 0 and said == 'Installing: uthash-dev\n', said
    assert asked.startswith('apt-get update') and asked.rstrip().endswith('uthash-dev'), asked
    assert 'sudo' not in asked and 'libsqlite3-dev' not in asked, asked


@tap.test
def groups():
    """What only the tests need is not installed for the build"""
    assert System(missing='chromium').install('build')[2] == ''


@tap.test
def uses_sudo():
    """sudo is used when not root"""
    code, _, asked = System(root=False, missing='meson').install('build')
    assert code == 0 and asked.count('sudo') == 2, asked


@tap.test
def says_what_root_must_do():
    """Without sudo and not root, the command for root is told"""
    code, said, asked = System(root=False, sudo=False, missing='meson').install('build')
    assert code != 0 and 'as root: apt-get update' in said and asked == '', (code, said, asked)


@tap.test
def without_apt():
    """Without apt the packages are named, and nothing goes on"""
    code, said, _ = System(apt=False).install('build')
    assert code != 0 and 'libmicrohttpd-dev' in said and 'Node.js 18' in said, said


@tap.test
def without_apt_but_told():
    """CUVEE_SKIP_INSTALL=1 goes on without apt"""
    assert System(apt=False).install('build', CUVEE_SKIP_INSTALL='1') == (0, '', '')


@tap.test
def node_of_another_origin():
    """A Node.js of another origin is used as it is"""
    assert System(node='22').install('build') == (0, '', '')


@tap.test
def debian_node():
    """Without any Node.js, Debian's is installed"""
    asked = System(node='', npm=False).install('build')[2]
    assert asked.rstrip().endswith('nodejs npm'), asked


@tap.test
def node_without_npm():
    """Debian's npm is not put beside a Node.js of another origin"""
    code, said, asked = System(npm=False).install('build')
    assert code != 0 and 'no npm' in said and asked == '', (code, said, asked)


@tap.test
def old_node():
    """A Node.js that is too old is refused"""
    code, said, _ = System(node='16').install('build')
    assert code != 0 and 'Node.js 18 or newer' in said, said


def stages(commands, stop=False):
    """Exit code and output of a script with stages; `stop`: told to end as soon as a stage runs."""
    with tempfile.TemporaryDirectory() as folder:
        text = f'. {ROOT}/script/lib/packages.sh; . {ROOT}/script/lib/stages.sh; begin_stages; {commands}'
        process = subprocess.Popen(['bash', '-c', text], cwd=folder, stdout=subprocess.PIPE, text=True,
                                   start_new_session=True)
        while stop and not os.path.exists(os.path.join(folder, 'running')):
            assert process.poll() is None
        if stop:
            os.killpg(process.pid, signal.SIGTERM)
        told = process.communicate(timeout=120)[0]
    return process.returncode, told.splitlines()


@tap.test
def counts():
    """The last line is the count, and the exit code tells whether all passed"""
    code, lines = stages('add 2 0; add 3 0')
    assert code == 0 and lines[-1] == '5 passed, 0 failed', lines
    code, lines = stages('add 2 1')
    assert code == 1 and lines[-1] == '2 passed, 1 failed', lines


@tap.test
def counts_what_broke():
    """A stage that cannot run is a failed test, and so is a script that ends early or tests nothing"""
    code, lines = stages('add 2 0; stage "build" false')
    assert code == 1 and lines[-1] == '2 passed, 1 failed', lines
    code, lines = stages('add 2 0; exit 7')
    assert code == 1 and lines[-1] == '2 passed, 1 failed', lines
    code, lines = stages(':')
    assert code == 1 and lines[-1] == '0 passed, 1 failed', lines


@tap.test
def counts_when_stopped():
    """The count is told even when the script is ended in the middle of a stage"""
    code, lines = stages('add 4 0; work() { sh -c "touch running; exec sleep 120"; }; stage "long" work', stop=True)
    assert code == 1 and lines[-1] == '4 passed, 1 failed', lines


@tap.test
def help_and_wrong_arguments():
    """The scripts explain themselves and refuse what they do not know"""
    for name in ('server', 'test', 'test-long', 'check'):
        told = script(f'script/{name}', '--help')
        assert told.returncode == 0 and 'script/' in told.stdout, (name, told)
        assert script(f'script/{name}', '--colour').returncode == 2, name


@tap.test
def wrong_ports():
    """script/server refuses what is no port"""
    for port in ('65536', 'http', '80 80', ''):
        told = script('script/server', '--port', port)
        assert told.returncode == 2 and 'not a port' in told.stderr, (port, told)
    assert script('script/server', '--data').returncode == 2


tap.run()
