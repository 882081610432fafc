"""script/server makes, fills and serves the demo's databases. Argument: the build folder."""
import os
import shutil
import sys
import tempfile

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..'))
sys.path.insert(0, os.path.join(ROOT, 'tests/support'))
import served  # noqa: E402
import tap  # noqa: E402

FOLDER = tempfile.mkdtemp(prefix='cuvee-server-')
DATA = os.path.join(FOLDER, 'new', 'data')


def server(data, cwd=ROOT):
    if os.path.realpath(sys.argv[1]) != os.path.realpath(os.path.join(ROOT, 'build')):
        raise tap.Skip('script/server uses the folder build, and this is another')
    environment = dict(os.environ, CUVEE_SKIP_INSTALL='1')
    return served.serving(os.path.join(ROOT, 'script/server'), '--data', data, cwd=cwd, env=environment)


@tap.test
def fills():
    """A data folder that is not there is made, and filled with ten users and ten orders"""
    with server(DATA) as origin:
        assert len(served.call(origin + '/users')) == 10
        assert len(served.call(origin + '/orders')) == 10
    assert len([name for name in os.listdir(DATA) if name.endswith('.db')]) == 2, os.listdir(DATA)


@tap.test
def keeps():
    """A data folder that is there is used as it is, and --data is relative to where the script was called"""
    with server(DATA) as origin:
        served.call(origin + '/users', {'name': 'Ada', 'email': 'ada.b@example.com'})
    with server('data', cwd=os.path.dirname(DATA)) as origin:
        users = served.call(origin + '/users')
    assert len(users) == 11 and users[10]['name'] == 'Ada', users


@tap.test
def both_databases():
    """A sign-up lands in both databases"""
    with server(DATA) as origin:
        reply = served.call(origin + '/signup', {'name': 'Eve', 'email': 'eve.c@example.com', 'item': 'Lamp', 'quantity': 2})
        assert reply['user'] in served.call(origin + '/users')
        assert reply['order'] in served.call(origin + '/orders')


try:
    tap.run()
finally:
    shutil.rmtree(FOLDER)
