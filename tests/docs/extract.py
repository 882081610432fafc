"""Makes a program of a page's C blocks: extract.py PAGE [HEADER…] > PROGRAM.c

A page is a tour; its ```c blocks, in their order, are one program.

* A block that begins with a declaration at file scope (typedef, static, struct, enum, extern, #) stands there.
* Any other block is statements of main. Those under one "## " heading share a scope of their own, so that each section can open its
  session `s` anew; those before the first heading are seen by all that follow.
* Blocks of other languages are left out. What the program prints must be the page's ```text blocks, one behind the other (run.py).

The page's first lines of C need no #include for <stdio.h>, <string.h>, <assert.h> and the headers that are named (cuvee/cuvee.h
without any).
"""
import re
import sys

FILE_SCOPE = re.compile(r'(typedef|static|struct|enum|extern)\b|#')


def blocks(page):
    """The page's fenced blocks: (language, number of the first line, number of the section, lines)."""
    language, section = None, 0
    for number, line in enumerate(page.splitlines(), 1):
        if language is None and line.startswith('## '):
            section += 1
        if not line.startswith('```'):
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


def program(page, name, headers):
    outside, inside, scope = [], [], 0
    for language, first, section, lines in blocks(page):
        if language != 'c':
            continue
        text = [f'#line {first} "{name}"', *lines]
        if at_file_scope(lines):
            outside += text
            continue
        if section != scope:
            inside += ['}'] * (scope > 0) + ['{']
            scope = section
        inside += text
    includes = [f'#include <{header}>' for header in ('assert.h', 'stdio.h', 'string.h', *(headers or ['cuvee/cuvee.h']))]
    return '\n'.join([*includes, *outside, 'int main(void)', '{', *inside, '}' * (scope > 0), 'return 0;', '}', ''])


def output(page):
    """What the program is to print."""
    return ''.join(line + '\n' for language, _, _, lines in blocks(page) if language == 'text' for line in lines)


if __name__ == '__main__':
    with open(sys.argv[1], encoding='utf-8') as file:
        sys.stdout.write(program(file.read(), sys.argv[1], sys.argv[2:]))
