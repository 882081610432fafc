"""How a page becomes a program."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../support'))
import extract  # noqa: E402
import tap  # noqa: E402

PAGE = '''# A page

```c
/* A comment may stand first. */
typedef struct A { int a; } A;
```

```c
int seen = 1;
```

## One

Words.

```c
int a = seen;
puts("a");
```

```text
a
```

```c
static int later(void) { return 1; }
```

```c
a++;
```

```sh
rm -rf nothing
```

## Two

```c
int a = later();
```

```text
b
c
```
'''


def without_lines(program):
    return [line for line in program.splitlines() if not line.startswith('#')]


@tap.test
def a_program():
    """file scope, main, and a scope per section"""
    lines = without_lines(extract.program(PAGE, 'page.md', []))
    assert lines == ['/* A comment may stand first. */', 'typedef struct A { int a; } A;',
                     'static int later(void) { return 1; }', 'int main(void)', '{', 'int seen = 1;', '{', 'int a = seen;',
                     'puts("a");', 'a++;', '}', '{', 'int a = later();', '}', 'return 0;', '}'], lines


@tap.test
def line_numbers():
    """an error is reported where the page has it"""
    program = extract.program(PAGE, 'page.md', []).splitlines()
    at = program.index('int seen = 1;')
    assert program[at - 1] == '#line 9 "page.md"'
    assert PAGE.splitlines()[9 - 1] == 'int seen = 1;'


@tap.test
def headers():
    """the headers that are named stand in front"""
    assert '#include <cuvee/cuvee.h>' in extract.program(PAGE, 'page.md', [])
    named = extract.program(PAGE, 'page.md', ['cuvee/query.h', 'cuvee/sql.h'])
    assert '#include <cuvee/query.h>\n#include <cuvee/sql.h>' in named and 'cuvee/cuvee.h' not in named


@tap.test
def what_is_printed():
    """the text blocks are what is printed"""
    assert extract.output(PAGE) == 'a\nb\nc\n'


@tap.test
def an_open_block():
    """a block that does not end is an error"""
    try:
        extract.program('```c\nint a;\n', 'page.md', [])
    except ValueError as error:
        assert 'line 1' in str(error)
    else:
        raise AssertionError('it was taken')


tap.run()
