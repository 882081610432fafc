"""A program tells nobody the secrets of its databases' URLs, whatever it is asked for and whatever goes wrong.

Argument: the demo.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../support'))
import tap  # noqa: E402

# Nobody listens on port 1; the others cannot be used for one reason or another.
URLS = [
    'postgresql://u:s3cr3t-zebra@127.0.0.1:1/x',
    'postgresql://u@127.0.0.1:1/x?password=s3cr3t-zebra&connect_timeout=2',
    'postgresql://u@127.0.0.1:1/x?sslpassword=s3cr3t-zebra&sslkey=/none&sslmode=perhaps',
    'postgresql://u:s3cr3t-zebra@127.0.0.1:1/x?no_such_option=1',
    'postgresql://u:s3cr3t-zebra/y@127.0.0.1:1/x',
    'postgresql://u:s3cr3t-zebra?y@127.0.0.1:1/x',
    'postgresql://u:%zzs3cr3t-zebra@127.0.0.1:1/x',
    'mariadb://u:s3cr3t-zebra@127.0.0.1:1/x',
    'mariadb://u@127.0.0.1:1/x?password=s3cr3t-zebra',
    'mariadb://u:s3cr3t-zebra@127.0.0.1:1/x?ssl=perhaps',
    'mariadb://u:s3cr3t-zebra@127.0.0.1:1',
    'oracle://u:s3cr3t-zebra@127.0.0.1:1/x',
]
COMMANDS = [['serve', '--port', '0'], ['serve', '--port', '0', '--access-log'], ['routes'], ['openapi'], ['--help'],
            ['--version']]


def run(arguments, **variables):
    """What the demo says, all of it, and its exit code."""
    ended = subprocess.run([sys.argv[1], *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           timeout=120, env=dict(os.environ, **variables))
    assert ended.stdout or not ended.returncode, arguments
    return ended.stdout, ended.returncode


def check(said, url, command):
    for part in ('zebra', 's3cr'):
        assert part not in said, f'{command} with {url}: {said}'


@tap.test
def arguments():
    """A URL among the arguments"""
    for url in URLS:
        for command in COMMANDS:
            said, code = run([*command, '--accounts', url])
            check(said, url, command)
            assert command[0] != 'serve' or code == 1, f'{url}: {code}: {said}'


@tap.test
def environment():
    """A URL in the environment"""
    for url in URLS:
        for command in COMMANDS:
            said, code = run(command, CUVEE_ACCOUNTS_URL=url)
            check(said, url, command)
            assert command[0] != 'serve' or code == 1, f'{url}: {code}: {said}'


tap.run()
