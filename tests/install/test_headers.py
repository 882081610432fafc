"""Each public header compiles alone, as strict C17 and as C++17, and a macro tells what to do. Arguments: the headers."""
import functools
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../support'))
import tap  # noqa: E402

STRICT = ['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-fsyntax-only']
COMPILERS = [
    (['gcc', '-std=c17'], '.c', 'int used(void);\nint used(void)\n{\n    return 0;\n}\n'),
    (['clang', '-std=c17'], '.c', 'int used(void);\nint used(void)\n{\n    return 0;\n}\n'),
    (['g++', '-std=c++17'], '.cpp', 'int main()\n{\n}\n'),
]


def compiles(command, ending, rest, header):
    include = os.path.dirname(os.path.dirname(header))
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, 'alone' + ending)
        with open(source, 'w', encoding='utf-8') as file:
            line = f'#include <cuvee/{os.path.basename(header)}>\n'
            file.write(line + line + rest)
        told = subprocess.run(command + STRICT + ['-I', include, source], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr


def add(command, ending, rest, header):
    def one():
        if not shutil.which(command[0]):
            raise tap.Skip(f'no {command[0]} here')
        compiles(command, ending, rest, header)
    tap.add(f'{os.path.basename(header)} with {" ".join(command)}', one)


@tap.test
def every_header_is_listed():
    """include/cuvee/meson.build lists every header"""
    folder = os.path.dirname(os.path.abspath(sys.argv[1]))
    there = {name for name in os.listdir(folder) if name.endswith('.h')}
    listed = {os.path.basename(path) for path in sys.argv[1:]}
    assert there == listed, there ^ listed


def refuses(command, expression, hint):
    """The compiler refuses CUVEE_VALUE(expression), and its message holds the hint."""
    if not shutil.which(command[0]):
        raise tap.Skip(f'no {command[0]} here')
    include = os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[1])))
    program = ('#include <cuvee/value.h>\n#include <stddef.h>\ncuvee_value wrap(void);\ncuvee_value wrap(void)\n{\n'
               f'    return CUVEE_VALUE({expression});\n}}\n')
    told = subprocess.run(command + STRICT + ['-x', 'c', '-I', include, '-'], input=program, capture_output=True,
                          text=True)
    assert (told.returncode != 0) == (hint is not None), told.stderr
    assert hint is None or hint in told.stderr, told.stderr


for compiler in (['gcc', '-std=c17'], ['clang', '-std=c17']):
    for value, hint in (('(uint64_t)1', 'cuvee_no_kind_holds_uint64_cast_it_to_int64'),
                        ('1ull', 'cuvee_no_kind_holds_uint64_cast_it_to_int64'),
                        ('sizeof(int)', 'cuvee_no_kind_holds_uint64_cast_it_to_int64'),
                        ('(int64_t)1', None), ('(uint32_t)1', None)):
        tap.add(f'CUVEE_VALUE({value}) {"tells what to do" if hint else "is good"} with {compiler[0]}',
                functools.partial(refuses, compiler, value, hint))
for path in sys.argv[1:]:
    for compiler in COMPILERS:
        add(*compiler, os.path.abspath(path))
tap.run()
