"""script/test counts single tests, and nothing that failed is lost. Prints TAP."""
import json
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '../support'), os.path.join(HERE, '../../script/lib')]
sys.dont_write_bytecode = True

import count  # noqa: E402
import tap  # noqa: E402


def meson(*programs):
    """Counts of a log with these (result, output) pairs."""
    with tempfile.NamedTemporaryFile('w', suffix='.json') as log:
        for result, output in programs:
            log.write(json.dumps({'name': 'x', 'result': result, 'stdout': output}) + '\n')
        log.flush()
        return count.count_meson(log.name)


def equals(name, found, expected):
    def one():
        assert found() == expected, f'{found()} is not {expected}'
    tap.add(name, one)


equals('single tests count', lambda: meson(('OK', '1..2\nok 1 - a\nok 2 - b\n')), (2, 0))
equals('programs add up', lambda: meson(('OK', '1..1\nok 1 - a\n'), ('FAIL', '1..1\nnot ok 1 - b\n')), (1, 1))
equals('groups in one program add up', lambda: meson(('OK', '1..1\nok 1 - a\n# x\n1..1\nok 1 - b\n')), (2, 0))
equals('a program without TAP is one test', lambda: meson(('OK', 'hello\n'), ('FAIL', 'bye\n')), (1, 1))
equals('a crash counts what was not reached', lambda: meson(('FAIL', '1..5\nok 1 - a\nok 2 - b\n')), (2, 3))
equals('a crash after the last test counts', lambda: meson(('FAIL', '1..1\nok 1 - a\n')), (1, 1))
equals('a time-out counts', lambda: meson(('TIMEOUT', '')), (0, 1))
def with_servers(run):
    """What `run` gives when the servers' URLs are known, and when they are not."""
    before = os.environ.pop('CUVEE_TEST_POSTGRES', None)
    without = run()
    os.environ['CUVEE_TEST_POSTGRES'] = 'postgresql://'
    found = run()
    del os.environ['CUVEE_TEST_POSTGRES']
    if before is not None:
        os.environ['CUVEE_TEST_POSTGRES'] = before
    return found, without


equals('a skipped program fails where servers run', lambda: with_servers(lambda: meson(('SKIP', 'no server\n'))),
       ((0, 1), (0, 0)))
equals('a skipped test is neither', lambda: meson(('OK', '1..2\nok 1 - a\nok 2 - b # SKIP no reason\n')), (1, 0))
equals('a skipped test as cmocka writes it', lambda: meson(('OK', '1..1\nnot ok 1 # SKIP a\n')), (0, 0))
equals('subtests are not counted twice', lambda: meson(('OK', '1..1\n    ok 1 - part\n    1..1\nok 1 - a\n')), (1, 0))
equals('a word that begins with ok is no test', lambda: count.count_tap('okay\nok 1 - a\n'), (1, 0))
tap.run()
