"""Each check of script/check finds a planted violation, and finds nothing in what is right. Prints TAP."""
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../../script/lib'))
sys.dont_write_bytecode = True

from checks import analysed, arrows, banned, circles, documented, formatted, lengths, links, statics, traces  # noqa: E402
from checks.tree import Tree  # noqa: E402

ROOT = os.path.normpath(os.path.join(HERE, '../..'))
LONG_FUNCTION = 'void cv_long(void);\nvoid cv_long(void)\n{\n' + '    ;\n' * 80 + '}\n'
LONG_BUT_FINE = 'void cv_long(void);\nvoid cv_long(void)\n{\n' + '    ;\n' * 77 + '}\n'

# check, what is wrong, {file: text}, what the complaint must say (None: there must be none)
CASES = [
    (arrows.check, 'a room that reaches up', {'src/model/a.c': '#include "session/cursor.h"\n'}, 'reaches up'),
    (arrows.check, 'a room that reaches down', {'src/session/a.c': '#include "model/plan.h"\n'}, None),
    (arrows.check, 'a room on the same floor', {'src/session/a.c': '#include "migrate/migrate.h"\n'}, None),
    (arrows.check, 'an arrow inside a comment', {'src/model/a.c': '/*\n#include "web/app/app.h"\n*/\n'}, None),
    (arrows.check, 'a folder that is no room', {'src/misc/a.c': '#include "base/arena.h"\n'}, 'no room'),
    (arrows.check, 'an include without its room', {'src/base/a.c': '#include "arena.h"\n'}, 'write the room'),
    (arrows.check, 'a driver that knows models', {'src/driver/sqlite/a.c': '#include "model/plan.h"\n'}, 'must not know'),
    (arrows.check, 'a commit that knows models', {'src/commit/a.c': '#include "model/plan.h"\n'}, 'must not know'),
    (arrows.check, 'a web that writes SQL', {'src/web/a.c': '#include "sql/select.h"\n'}, 'must not know'),
    (arrows.check, 'a reply that knows the server', {'src/web/reply/a.c': '#include "web/server/server.h"\n'}, 'reaches up'),
    (arrows.check, 'a server that knows the test client', {'src/web/server/a.c': '#include "web/client/a.h"\n'}, 'reaches up'),
    (arrows.check, 'a server that knows replies', {'src/web/server/a.c': '#include "web/reply/file.h"\n'}, None),
    (arrows.check, 'neighbours in a room of the web', {'src/web/reply/a.c': '#include "web/reply/file.h"\n'}, None),
    (arrows.check, 'a folder that is no room of the web', {'src/web/misc/a.c': '#include "web/flow/pipe.h"\n'}, 'no room'),
    (arrows.check, 'a file beside the rooms of the web', {'src/web/a.c': '#include "web/flow/pipe.h"\n'}, 'no room'),
    (arrows.check, 'a web include without its room', {'src/web/reply/a.c': '#include "web/pipe.h"\n'}, 'in the web too'),
    (arrows.check, 'HTTP in a reply', {'src/web/reply/a.c': '#include <microhttpd.h>\n'}, 'belongs to'),
    (arrows.check, 'an engine known outside its driver', {'src/blend/a.c': '#include "driver/sqlite/open.h"\n'}, 'engines'),
    (arrows.check, 'SQLite in the session', {'src/session/a.c': '#include <sqlite3.h>\n'}, 'belongs to'),
    (arrows.check, 'libpq in the SQLite driver', {'src/driver/sqlite/a.c': '#include <libpq-fe.h>\n'}, 'belongs to'),
    (arrows.check, 'MariaDB in the commit', {'src/commit/a.c': '#include <mysql.h>\n'}, 'belongs to'),
    (arrows.check, 'SQLite in its driver', {'src/driver/sqlite/a.c': '#include <sqlite3.h>\n'}, None),
    (arrows.check, 'HTTP in the session', {'src/session/a.c': '#include <microhttpd.h>\n'}, 'belongs to'),
    (arrows.check, 'JSON in the session', {'src/session/a.c': '#include <jansson.h>\n'}, 'belongs to'),
    (arrows.check, 'the web header in the session', {'src/session/a.c': '#include <cuvee/web.h>\n'}, 'above'),
    (arrows.check, 'a public header that needs a room', {'include/cuvee/a.h': '#include "base/arena.h"\n'}, 'public headers'),
    (arrows.check, 'a public header that needs a library', {'include/cuvee/a.h': '#include <jansson.h>\n'}, 'standard'),
    (arrows.check, 'a public header that reaches up', {'include/cuvee/model.h': '#include <cuvee/web.h>\n'}, 'above'),
    (arrows.check, 'an example that looks inside', {'examples/x/a.c': '#include "session/cursor.h"\n'}, 'cuvee/'),
    (arrows.check, 'an example with another library', {'examples/x/a.c': '#include <sqlite3.h>\n'}, 'cuvee/'),
    (arrows.check, 'an example as it should be', {'examples/x/a.c': '#include <cuvee/web.h>\n#include <stdio.h>\n'}, None),
    (circles.check, 'two files that use each other',
     {'src/base/a.c': 'int cv_a(void)\n{\n    return cv_b();\n}\n', 'src/base/b.c': 'int cv_b(void)\n{\n    return cv_a();\n}\n'},
     'a.c uses cv_b of src/base/b.c'),
    (circles.check, 'a circle of three, by way of a table',
     {'src/base/a.c': 'int cv_a(void)\n{\n    return cv_b();\n}\n', 'src/base/b.c': 'int cv_b(void)\n{\n    return cv_c();\n}\n',
      'src/base/c.c': 'int cv_c(void)\n{\n    return 1;\n}\nint (*f)(void) = cv_a;\n'}, 'c.c uses cv_a'),
    (circles.check, 'files of which none uses one that uses it',
     {'src/base/a.c': 'int cv_a(void)\n{\n    return cv_b() + cv_c();\n}\n', 'src/base/b.c': 'int cv_b(void)\n{\n    return cv_c();\n}\n',
      'src/base/c.c': 'int cv_c(void)\n{\n    return 1; /* cv_a */\n}\n'}, None),
    (circles.check, 'an arrow that is allowed and not there', {'src/sql/where.c': 'int cv_a(void)\n{\n    return 1;\n}\n'}, 'need not'),
    (lengths.check, 'a long file', {'src/base/a.c': '\n' * 801}, '801 lines'),
    (lengths.check, 'a file at the cap', {f'src/base/{n}.c': '\n' * (800 if n == 1 else 1) for n in (1, 2, 3)}, None),
    (lengths.check, 'a long function', {'src/base/a.c': LONG_FUNCTION, 'src/base/b.c': ''}, 'cv_long has 83'),
    (lengths.check, 'a long test', {'tests/base/a.c': LONG_FUNCTION}, 'cv_long'),
    (lengths.check, 'a function at the cap', {'tests/base/a.c': LONG_BUT_FINE}, None),
    (lengths.check, 'a wide comment', {'include/cuvee/a.h': '/* ' + 'a' * 115 + ' */\n'}, 'a.h:1: 121 columns'),
    (lengths.check, 'a line at the cap, of letters of two bytes', {'tests/base/a.c': '/* ' + 'é' * 114 + ' */\n'}, None),
    (lengths.check, 'files that are long on the whole', {f'src/base/{n}.c': '\n' * 300 for n in (1, 2, 3)}, 'median file'),
    (lengths.check, 'functions that are long on the whole', {'src/base/a.c': LONG_BUT_FINE}, 'median function'),
    (statics.check, 'a function for one file', {'src/base/a.c': 'int cv_x(void)\n{\n    return 1;\n}\n',
                                                'src/base/a.h': 'int cv_x(void);\n'}, 'cv_x could be static'),
    (statics.check, 'a function for two files', {'src/base/a.c': 'int cv_x(void)\n{\n    return 1;\n}\n',
                                                 'src/base/b.c': 'int y = cv_x();\n'}, None),
    (statics.check, 'a function for an inline one', {'src/base/a.c': 'int cv_x(void)\n{\n    return 1;\n}\n',
                                                     'src/base/a.h': 'int cv_x(void);\nstatic inline int cv_y(void)\n'
                                                                     '{\n    return cv_x();\n}\n'}, None),
    (statics.check, 'a static function', {'src/base/a.c': 'static int x(void)\n{\n    return 1;\n}\n'}, None),
    (banned.check, 'strcpy', {'src/base/a.c': 'strcpy(a, b);\n'}, 'strcpy is not'),
    (banned.check, 'sprintf in a test', {'tests/base/a.c': 'sprintf(a, "x");\n'}, 'sprintf is not'),
    (banned.check, 'abort in the library', {'src/session/a.c': 'abort();\n'}, 'abort is not'),
    (banned.check, 'exit in the library', {'src/web/app/app.c': 'exit(1);\n'}, 'exit is not'),
    (banned.check, 'printf in the library', {'src/session/a.c': 'printf("x");\n'}, 'printf is not'),
    (banned.check, 'fprintf in the library', {'src/session/a.c': 'fprintf(stderr, "x");\n'}, 'fprintf is not'),
    (banned.check, 'printf in a program', {'src/web/server/main.c': 'printf("x");\n', 'src/cli/a.c': 'puts("x");\n'}, None),
    (banned.check, 'snprintf, and words in texts', {'src/base/a.c': 'snprintf(a, 1, "exit(1)"); /* abort() */\n'}, None),
    (banned.check, 'members with such names', {'src/base/a.c': 'driver->abort(x); driver.exit(y);\n'}, None),
    (traces.check, 'a path of one machine', {'docs/a.md': 'see /ho' 'me/jane/cuvee\n'}, 'path'),
    (traces.check, 'a lock file with addresses', {'x/package-lock.json': '"resolved": "x"\n'}, 'lock file'),
    (traces.check, 'a registry', {'x/a.json': 'https://regi' 'stry.example.org/a\n'}, 'registry'),
    (traces.check, 'a task left over', {'src/base/a.c': '/* TO' 'DO */\n'}, 'left to do'),
    (traces.check, 'a page as it should be', {'README.md': 'Run ./script/server, then open http://127.0.0.1:8000/docs\n'},
     None),
    (documented.check, 'a function without a comment', {'include/cuvee/a.h': '\nint cuvee_x(void);\n'}, 'no doc comment'),
    (documented.check, 'a comment for two', {'include/cuvee/a.h': '/** x */\nint cuvee_x(void);\nint cuvee_y(void);\n'}, None),
    (documented.check_tested, 'a function without a test', {'include/cuvee/a.h': 'void *cuvee_x(int a);\n'}, 'no test names'),
    (documented.check_tested, 'a function that a test names', {'include/cuvee/a.h': 'int cuvee_x(void);\n',
                                                                'tests/a.c': 'cuvee_x();\n'}, None),
    (documented.check_tested, 'a name in a comment only', {'include/cuvee/a.h': 'int cuvee_x(void);\n',
                                                            'tests/a.c': '/* cuvee_x */\n'}, 'no test names'),
    (documented.check_tested, 'a function that a macro calls',
     {'include/cuvee/a.h': 'int cuvee_x_with(int a);\n#define cuvee_x(...) CUVEE_X_(__VA_ARGS__)\n'
                           '#define CUVEE_X_(a, ...) cuvee_x_with(a)\n', 'tests/a.c': 'cuvee_x(1);\n'}, None),
    (links.check, 'a link to nowhere', {'docs/a.md': 'see [b](b.md)\n'}, 'no docs/b.md'),
    (links.check, 'a path to nowhere', {'README.md': 'see `src/web/gone.c`\n'}, 'no src/web/gone.c'),
    (links.check, 'links as they should be', {'docs/a.md': '[b](b.md#x) [c](https://example.org) `src/NAME/x.c`\n',
                                              'docs/b.md': '`docs/a.md`\n'}, None),
    (formatted.check, 'a wrong indent', {'src/base/a.c': 'int f(void)\n{\n  return 1;\n}\n'}, 'would change'),
    (formatted.check, 'a right indent', {'src/base/a.c': 'int f(void)\n{\n    return 1;\n}\n'}, None),
    (analysed.check, 'a division by zero',
     {'src/base/a.c': 'int f(int a)\n{\n    int b = 0;\n    return a / b;\n}\n'}, 'DivideZero'),
    (analysed.check, 'nothing built yet', {'build/compile_commands.json': '[]'}, 'build first'),
]


def copy_configuration(root):
    for name in ('.clang-format', '.clang-tidy'):
        with open(os.path.join(ROOT, name), encoding='utf-8') as source, \
                open(os.path.join(root, name), 'w', encoding='utf-8') as copy:
            copy.write(source.read())


def write_database(root, files):
    """What Meson would leave behind, for clang-tidy."""
    os.makedirs(os.path.join(root, 'build'), exist_ok=True)
    entries = ', '.join(f'{{"directory": "{root}", "file": "{name}", "command": "cc -c {name}"}}'
                        for name in files if name.endswith('.c'))
    with open(os.path.join(root, 'build/compile_commands.json'), 'w', encoding='utf-8') as database:
        database.write(f'[{entries}]')


def complaints(check, files):
    with tempfile.TemporaryDirectory() as root:
        copy_configuration(root)
        write_database(root, files)
        for name, text in files.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
        return check(Tree(root))


def holds(wrong, expected):
    if expected is None:
        return not wrong
    return any(re.search(expected, line) for line in wrong)


def main():
    failed = 0
    print(f'1..{len(CASES)}')
    for number, (check, what, files, expected) in enumerate(CASES, 1):
        wrong = complaints(check, files)
        good = holds(wrong, expected)
        failed += not good
        print(f'{"ok" if good else "not ok"} {number} - {check.__module__.split(".")[-1]}: {what}')
        if not good:
            print(f'# expected {expected!r}, got {wrong}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
