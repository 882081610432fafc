"""A program that serves HTTP on a port of this machine, for as long as a test needs it."""
import contextlib
import json
import re
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request

PATIENCE = 120  # seconds; machines may be slow


def _open(url, body):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {'Content-Type': 'application/json'})
    return urllib.request.urlopen(request, timeout=PATIENCE)


def call(url, body=None):
    """The reply's JSON; a body is sent as JSON by POST."""
    with _open(url, body) as reply:
        return json.load(reply)


def ask(url, body=None):
    """The same, with the reply's status before it, whatever that is."""
    try:
        reply = _open(url, body)
    except urllib.error.HTTPError as refused:
        reply = refused
    with reply:
        return reply.status, json.load(reply)


def _origin(process, complaints):
    """The address in the line that a program prints when it serves."""
    address = re.search(r'http://[^,\s]+', process.stdout.readline())
    if address:
        return address[0]
    process.wait(timeout=PATIENCE)
    complaints.seek(0)
    raise AssertionError(f'it ended: {complaints.read()}')


@contextlib.contextmanager
def serving(*command, **more):
    """Runs the command on any free port until the block ends, then stops it with SIGTERM and expects exit code 0. Gives its
    address."""
    with tempfile.TemporaryFile('w+', encoding='utf-8') as complaints:
        process = subprocess.Popen([*command, '--port', '0'], stdout=subprocess.PIPE, stderr=complaints, text=True, **more)
        try:
            yield _origin(process, complaints)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=PATIENCE)
            process.stdout.close()
    assert code == 0, f'exit code {code}'
