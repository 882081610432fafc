"""Makes a program of a page's code: extract.py PAGE [HEADER…] > PROGRAM.c

A page is a tour; its ```c blocks, in their order, are one program.

* A block that begins with a declaration at file scope (typedef, static, struct, enum, extern, #) stands there. A `main` in it gets
  another name.
* Any other block is statements of the program's main. Those under one "## " or "### " heading share a scope of their own, so that
  each section can open its session `s` anew; those before the first heading are seen by all that follow.
* A comment `<!--c STATEMENT; -->` is a statement that readers need not see.
* An ```http block is a request, "GET /path", headers, an empty line and a body; the ```http block behind it, which begins with
  "HTTP/1.1 200", is its reply: the headers that the page names, and the body. The test client `client` of the section sends it to
  the section's application `app`. Both are made if the section does not make them, over the page's `blend`, and all three are freed.
* A ```console block runs the `main` of the page: "$ ./hello routes" and what it prints.
* Blocks of other languages are left out. What the program prints must be the page's replies, outputs and ```text blocks, one behind
  the other (run.py). In JSON a page may break lines where it likes.

The page's first lines of C need no #include for <stdio.h>, <string.h>, <assert.h> and the headers that are named (cuvee/cuvee.h
without any).
"""
import re
import sys

FILE_SCOPE = re.compile(r'(typedef|static|struct|enum|extern)\b|#')
MAIN = re.compile(r'^int main\(')
REPLY = re.compile(r'HTTP/1\.1 (\d{3})\b')
HIDDEN = re.compile(r'<!--c (.*) -->$')
MADE_MAIN = 'main_of_the_page'


def blocks(page):
    """The page's fenced blocks: (language, number of the first line, number of the section, lines)."""
    language, section = None, 0
    for number, line in enumerate(page.splitlines(), 1):
        if language is None and line.startswith(('## ', '### ')):
            section += 1
        hidden = HIDDEN.match(line) if language is None else None
        if hidden:
            yield 'c', number, section, [hidden[1]]
        elif not line.startswith('```'):
            if language is not None:
                lines.append(line)
        elif language is None:
            language, lines, first = line[3:].strip(), [], number + 1
        else:
            yield language, first, section, lines
            language = None
    if language is not None:
        raise ValueError(f'line {first - 1}: the block does not end')


def at_file_scope(lines):
    code = [line for line in lines if line.strip() and not line.lstrip().startswith(('/*', '//', '*'))]
    return bool(code) and FILE_SCOPE.match(code[0]) is not None


def quoted(text):
    """A C string."""
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n') + '"'


def message(lines):
    """What an http block holds: (first line, headers, body)."""
    end = lines.index('') if '' in lines else len(lines)
    headers = [tuple(part.strip() for part in line.split(':', 1)) for line in lines[1:end]]
    return lines[0], headers, '\n'.join(lines[end + 1:])


def list_of(texts):
    return '(const char *const[]){' + ''.join(quoted(text) + ', ' for text in texts) + 'NULL}'


def send(request, reply):
    """The statement for a request, given the headers that its reply shows."""
    line, headers, body = message(request)
    method, target = line.split()
    arguments = [f'client, {quoted(method)}, {quoted(target)}']
    if body:
        arguments.append(f'.body = {quoted(body)}')
    arguments += [f'.content_type = {quoted(value)}' for name, value in headers if name.lower() == 'content-type']
    others = [f'{name}: {value}' for name, value in headers if name.lower() != 'content-type']
    if others:
        arguments.append(f'.headers = {list_of(others)}')
    shown = list_of(name for name, _ in message(reply)[1])
    return f'show_reply(cuvee_test_request({", ".join(arguments)}), {shown});'


def call(line):
    """The statement for a command."""
    words = line[2:].split()
    arguments = ', '.join(f'(char[]){{{quoted(word)}}}' for word in words)
    return f'{MADE_MAIN}({len(words)}, (char *[]){{{arguments}, NULL}});'


class Program:
    """The program, as far as it is made."""

    def __init__(self, name):
        self.name, self.outside, self.inside = name, [], []
        self.scope, self.declared, self.request = 0, '', None
        self.client = self.has_requests = False

    def add(self, language, first, section, lines):
        at = f'#line {first} "{self.name}"'
        if language == 'http' and REPLY.match(lines[0]):
            if not self.request:
                raise ValueError(f'line {first}: a reply to no request')
            _, at, request = self.request
            self.inside += [at, send(request, lines)]
            self.request = None
            return
        if language not in ('c', 'http', 'console'):
            return
        self.expect_no_reply()
        if language == 'c' and at_file_scope(lines):
            self.add_outside(at, lines)
        else:
            self.enter(section)
            self.add_inside(language, first, at, lines)

    def add_outside(self, at, lines):
        if not any(MAIN.match(line) for line in lines):
            self.outside += [at, *lines]
            return
        self.outside += [f'int {MADE_MAIN}(int argc, char **argv);', f'#define main {MADE_MAIN}', at, *lines, '#undef main']

    def add_inside(self, language, first, at, lines):
        if language == 'c':
            self.inside += [at, *lines]
            self.declared += '\n'.join(lines)
        elif language == 'console':
            self.inside += [at, *(call(line) for line in lines if line.startswith('$ '))]
        else:
            self.open_client()
            self.request = first, at, lines

    def open_client(self):
        if not self.client and 'cuvee_test *client' not in self.declared:
            self.inside.append('cuvee_test *client = cuvee_test_open(app);')
        self.client = self.has_requests = True

    def expect_no_reply(self):
        if self.request:
            raise ValueError(f'line {self.request[0]}: the page shows no reply to this request')

    def enter(self, section):
        if section == self.scope:
            return
        self.leave()
        self.scope = section
        self.inside.append('{')

    def leave(self):
        self.expect_no_reply()
        if self.client:
            self.inside += ['cuvee_test_close(client);', 'cuvee_app_free(app);']
        if self.scope:
            self.inside.append('}')
        self.client, self.declared = False, ''


def needs_app(page):
    """The sections with requests that make no application."""
    asking, making = set(), set()
    for language, _, section, lines in blocks(page):
        if language == 'http':
            asking.add(section)
        if language == 'c' and any('cuvee_app *app' in line for line in lines) and not at_file_scope(lines):
            making.add(section)
    return asking - making


def program(page, name, headers):
    made, without_app = Program(name), needs_app(page)
    for language, first, section, lines in blocks(page):
        inside = language in ('http', 'console') or (language == 'c' and not at_file_scope(lines))
        if inside and section in without_app:
            made.enter(section)
            made.inside.append('cuvee_app *app = cuvee_app_new(blend);')
            without_app.remove(section)
        made.add(language, first, section, lines)
    made.leave()
    if made.has_requests:
        made.inside.append('cuvee_blend_free(blend);')
    includes = [f'#include <{header}>' for header in ('assert.h', 'stdio.h', 'string.h', *(headers or ['cuvee/cuvee.h']))]
    if made.has_requests:
        includes.append('#include "show_reply.h"')
    return '\n'.join([*includes, *made.outside, 'int main(void)', '{', *made.inside, 'return 0;', '}', ''])


def reply_text(lines):
    """What show_reply prints of such a reply."""
    line, headers, body = message(lines)
    if body.startswith(('{', '[')):
        body = re.sub(r'("(?:[^"\\]|\\.)*")|\s+', lambda match: match[1] or '', body)
    head = ''.join(f'{name}: {value}\n' for name, value in headers)
    return f'HTTP/1.1 {REPLY.match(line)[1]}\n{head}' + (f'\n{body}\n' if body else '')


def output(page):
    """What the program is to print."""
    printed = ''
    for language, _, _, lines in blocks(page):
        if language == 'text':
            printed += ''.join(line + '\n' for line in lines)
        elif language == 'console':
            printed += ''.join(line + '\n' for line in lines if not line.startswith('$ '))
        elif language == 'http' and REPLY.match(lines[0]):
            printed += reply_text(lines)
    return printed


if __name__ == '__main__':
    with open(sys.argv[1], encoding='utf-8') as file:
        sys.stdout.write(program(file.read(), sys.argv[1], sys.argv[2:]))
