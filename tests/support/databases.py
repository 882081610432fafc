"""Databases of a test's own on every engine, for tests that run programs; see servers for where the servers come from."""
import contextlib
import os
import shutil
import subprocess
import tempfile
import urllib.parse

import tap

ENGINES = ('sqlite', 'postgres', 'mariadb')
SECRET = 's3cr3t-zebra'
_VARIABLES = {'postgres': 'CUVEE_TEST_POSTGRES', 'mariadb': 'CUVEE_TEST_MARIADB'}


def _server(engine):
    """The URL of the engine's server, taken apart: its text and its options."""
    url = os.environ.get(_VARIABLES[engine])
    if not url:
        raise tap.Skip(f'no server for {engine}; run me with tests/support/servers run')
    return url, dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))


def query(engine, sql):
    """Runs SQL as the server's own administrator; what it prints."""
    url, options = _server(engine)
    if engine == 'postgres':
        command = ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', url]
    else:
        command = ['mariadb', '--no-defaults', '--skip-column-names', '-u', 'root', '--socket', options['socket']]
    ended = subprocess.run(command, input=sql, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, f'{sql}: {ended.stderr}'
    return ended.stdout.strip()


def _port(engine):
    return query(engine, 'SHOW port' if engine == 'postgres' else 'SELECT @@port')


class Place:
    """A database of one engine that nobody else uses."""

    def __init__(self, engine, name, folder):
        self.engine, self.name, self.folder = engine, name, folder

    def url(self):
        """As the server's administrator, who needs no password by the socket."""
        if self.engine == 'sqlite':
            return f'sqlite:{self.folder}/{self.name}.db'
        parts = urllib.parse.urlsplit(_server(self.engine)[0])
        return urllib.parse.urlunsplit(parts._replace(path='/' + self.name))

    def by_password(self, password=SECRET, host=None, database=None, options=''):
        """As a login of the database's name, which SECRET belongs to, over TCP; without password for None."""
        scheme = {'postgres': 'postgresql', 'mariadb': 'mariadb'}[self.engine]
        login = self.name if password is None else f'{self.name}:{password}'
        return f'{scheme}://{login}@{host or "127.0.0.1:" + _port(self.engine)}/{database or self.name}{options}'

    def make(self):
        if self.engine == 'postgres':
            query(self.engine, f"CREATE ROLE {self.name} LOGIN PASSWORD '{SECRET}';\n"
                               f'CREATE DATABASE {self.name} OWNER {self.name}')
        elif self.engine == 'mariadb':
            query(self.engine, f"CREATE DATABASE {self.name};\nCREATE USER {self.name}@'%' IDENTIFIED BY '{SECRET}';\n"
                               f'GRANT ALL ON {self.name}.* TO {self.name}')

    def remove(self):
        if self.engine == 'postgres':
            query(self.engine, f'DROP DATABASE {self.name} WITH (FORCE);\nDROP ROLE {self.name}')
        elif self.engine == 'mariadb':
            query(self.engine, f'DROP DATABASE {self.name};\nDROP USER {self.name}')


@contextlib.contextmanager
def places(*engines):
    """New databases on these engines, and what they are in is removed at the end. Skips without their servers."""
    folder = tempfile.mkdtemp(prefix='cuvee-databases-')
    made = []
    try:
        for number, engine in enumerate(engines):
            place = Place(engine, f'cuvee_{os.getpid()}_{number}', folder)
            place.make()
            made.append(place)
        yield made
    finally:
        for place in made:
            place.remove()
        shutil.rmtree(folder)
