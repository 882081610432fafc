"""Each public header compiles alone, as strict C17 and as C++17. Arguments: the headers."""
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


for path in sys.argv[1:]:
    for compiler in COMPILERS:
        add(*compiler, os.path.abspath(path))
tap.run()
