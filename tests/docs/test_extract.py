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


WEB = '''# A page of requests

```c
cuvee_blend *blend = cuvee_blend_new();
```

## Hello

```c
#include <cuvee/cuvee.h>

int main(int argc, char **argv) { return cuvee_app_main(hello(), argc, argv); }
```

<!--c cuvee_app_get(app, "/", hello); -->

```http
POST /a?b=1
Content-Type: text/csv
X-Token: "secret"

{"a": "b"}
```

```text
the handler was here
```

```http
HTTP/1.1 201 Created
Location: /a/1

{"message": "a \\" b",
 "n": [1,  2]}
```

### In an application of its own

```c
cuvee_app *app = made_elsewhere();
cuvee_test *client = also();
```

```http
GET /
```

```http
HTTP/1.1 204 No Content
```

```console
$ ./hello routes --now
GET   /
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
def requests():
    """requests go to the section's application, and what the page shows of the reply is printed"""
    lines = without_lines(extract.program(WEB, 'page.md', []))
    assert lines == [
        'int main_of_the_page(int argc, char **argv);', '',
        'int main(int argc, char **argv) { return cuvee_app_main(hello(), argc, argv); }', 'int main(void)', '{',
        'cuvee_blend *blend = cuvee_blend_new();', '{', 'cuvee_app *app = cuvee_app_new(blend);',
        'cuvee_app_get(app, "/", hello);', 'cuvee_test *client = cuvee_test_open(app);',
        'show_reply(cuvee_test_request(client, "POST", "/a?b=1", .body = "{\\"a\\": \\"b\\"}", '
        '.content_type = "text/csv", .headers = (const char *const[]){"X-Token: \\"secret\\"", NULL}), '
        '(const char *const[]){"Location", NULL});',
        'cuvee_test_close(client);', 'cuvee_app_free(app);', '}', '{', 'cuvee_app *app = made_elsewhere();',
        'cuvee_test *client = also();',
        'show_reply(cuvee_test_request(client, "GET", "/"), (const char *const[]){NULL});',
        'main_of_the_page(3, (char *[]){(char[]){"./hello"}, (char[]){"routes"}, (char[]){"--now"}, NULL});',
        'cuvee_test_close(client);', 'cuvee_app_free(app);', '}', 'cuvee_blend_free(blend);', 'return 0;', '}'], lines


@tap.test
def a_main():
    """the page's main has another name, up to its end"""
    program = extract.program(WEB, 'page.md', [])
    before, after = program.split('#define main main_of_the_page\n')
    assert before.endswith('int main_of_the_page(int argc, char **argv);\n')
    assert '#undef main\nint main(void)' in after and '#include "show_reply.h"' in before
    assert 'show_reply' not in extract.program(PAGE, 'page.md', [])


@tap.test
def replies():
    """JSON is compared without the page's spaces, and the words of the status are the page's own"""
    assert extract.output(WEB) == ('the handler was here\nHTTP/1.1 201\nLocation: /a/1\n\n'
                                   '{"message":"a \\" b","n":[1,2]}\nHTTP/1.1 204\nGET   /\n')


@tap.test
def lost_replies():
    """a request without a reply and a reply without a request are errors"""
    request, reply = '```http\nGET /\n```\n', '```http\nHTTP/1.1 200 OK\n```\n'
    for page, words in ((request + request, 'line 2'), (request, 'line 2'), (reply, 'line 2'), (request + reply + reply, 'line 8')):
        try:
            extract.program(page, 'page.md', [])
        except ValueError as error:
            assert words in str(error), error
        else:
            raise AssertionError(f'it was taken: {page}')


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
