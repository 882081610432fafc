"""The demo on every mix of engines, unchanged: --accounts on one, --sales on another.

Arguments: the demo, and the engines that it was built with. Engines whose server is not there are skipped.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../support'))
import databases  # noqa: E402
import served  # noqa: E402
import tap  # noqa: E402

DEMO, BUILT = sys.argv[1], sys.argv[2:]
SERVERS = [engine for engine in BUILT if engine != 'sqlite']
JANE = {'name': 'Jane', 'email': 'jane@example.com'}
SIGNUP = {'name': 'Eve', 'email': 'eve@example.org', 'item': 'Lamp', 'quantity': 2}


def demo(accounts, sales, **variables):
    return served.serving(DEMO, 'serve', '--accounts', accounts, '--sales', sales, env=dict(os.environ, **variables))


def same_but_id(row, sent):
    return {name: value for name, value in row.items() if name != 'id'} == sent


def new_data(origin):
    """What the demo says on empty databases, which it fills."""
    status, users = served.ask(origin + '/users')
    assert status == 200 and [user['id'] for user in users] == list(range(1, 11)), users
    assert served.ask(origin + '/users/3') == (200, {'id': 3, 'name': 'Cleo', 'email': 'Cleo@example.com'})
    assert served.ask(origin + '/users/99')[0] == 404
    status, jane = served.ask(origin + '/users', JANE)
    assert status == 201 and same_but_id(jane, JANE) and jane['id'] > 10, jane
    status, conflict = served.ask(origin + '/users', JANE)
    assert status == 409 and 'email' in str(conflict), conflict
    assert served.ask(origin + '/users', {'name': '', 'email': 'x'})[0] == 422
    status, both = served.ask(origin + '/signup', SIGNUP)
    assert status == 201, both
    assert same_but_id(both['user'], {'name': 'Eve', 'email': 'eve@example.org'}), both
    assert same_but_id(both['order'], {'item': 'Lamp', 'quantity': 2}), both


def kept_data(origin):
    """What it says when it is started again on them."""
    users, orders = served.call(origin + '/users'), served.call(origin + '/orders')
    assert [user['name'] for user in users[10:]] == ['Jane', 'Eve'], users
    assert len(orders) == 11 and same_but_id(orders[10], {'item': 'Lamp', 'quantity': 2}), orders
    # Neither of the two, when one of them is refused.
    status, conflict = served.ask(origin + '/signup', SIGNUP)
    assert status == 409, conflict
    assert served.call(origin + '/users') == users and served.call(origin + '/orders') == orders
    status, jo = served.ask(origin + '/users', {'name': 'Jo', 'email': 'jo@example.org'})
    assert status == 201 and jo['id'] > users[11]['id'], jo


def serve_twice(accounts, sales, **variables):
    with demo(accounts, sales, **variables) as origin:
        new_data(origin)
    with demo(accounts, sales, **variables) as origin:
        kept_data(origin)


def mix(accounts, sales):
    def run():
        with databases.places(accounts, sales) as (one, other):
            serve_twice(one.url(), other.url())
    tap.add(f'Accounts on {accounts}, sales on {sales}', run)


def one_database(engine):
    def run():
        with databases.places(engine) as (place,):
            serve_twice(place.url(), place.url())
    tap.add(f'Accounts and sales in one database on {engine}', run)


def hidden_password(engine):
    """The password is in a variable for one base and in a file for the other."""
    def run():
        with databases.places(engine, engine) as (one, other):
            file = os.path.join(one.folder, 'password')
            with open(file, 'w', encoding='utf-8') as password:
                password.write(databases.SECRET + '\n')
            serve_twice(one.by_password(None, options='?password_env=DEMO_PASSWORD'),
                        other.by_password(None, options='?password_file=' + file), DEMO_PASSWORD=databases.SECRET)
    tap.add(f'Passwords from a variable and from a file on {engine}', run)


def refusal(folder, option, url):
    """The demo cannot start, and says why in one line that holds no secret; the other base is a file in the folder."""
    command = [DEMO, 'serve', '--port', '0', '--data', folder, option, url]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=served.PATIENCE)
    assert ended.returncode == 1, f'{url}: exit code {ended.returncode}: {ended.stderr}'
    assert ended.stderr.count('\n') == 1 and 'cannot connect to ' in ended.stderr, ended.stderr
    assert '127.0.0.1:' in ended.stderr, ended.stderr
    assert 'zebra' not in ended.stderr + ended.stdout and 's3cr' not in ended.stderr + ended.stdout, ended.stderr
    return ended.stderr


def refused(engine):
    def run():
        with databases.places(engine) as (place,):
            for option in ('--accounts', '--sales'):
                refusal(place.folder, option, place.by_password(databases.SECRET + '-wrong'))
                refusal(place.folder, option, place.by_password(host='127.0.0.1:1'))
                assert 'no_such' in refusal(place.folder, option, place.by_password(database='no_such'))
    tap.add(f'A wrong password, port or database on {engine}: exit code 1, and one line', run)


for first in BUILT:
    for second in BUILT:
        mix(first, second)
    one_database(first)
for server in SERVERS:
    hidden_password(server)
    refused(server)
tap.run()
