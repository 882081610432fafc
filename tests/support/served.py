"""A program that serves HTTP on a port of this machine, for as long as a test needs it."""
import contextlib
import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def _open(url, body):
    data = None if body is None else json.dumps(body).encode()
    return urllib.request.urlopen(urllib.request.Request(url, data, {'Content-Type': 'application/json'}), timeout=10)


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


def _wait_for(url, process):
    for _ in range(600):
        try:
            return call(url)
        except OSError:
            assert process.poll() is None, f'it ended: {process.stderr.read()}'
            time.sleep(0.1)
    raise AssertionError(f'{url} does not answer')


@contextlib.contextmanager
def serving(command, port, **more):
    """Runs the command until the block ends, then stops it with SIGTERM and expects exit code 0. Gives its address."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **more)
    try:
        origin = f'http://127.0.0.1:{port}'
        _wait_for(origin + '/openapi.json', process)
        yield origin
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=30)
        process.stderr.close()
    assert code == 0, f'exit code {code}'
