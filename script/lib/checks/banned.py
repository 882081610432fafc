"""Functions that are not called: unsafe ones anywhere, ones that print or end the process in the libraries."""
import re

UNSAFE = {
    'strcpy': 'memcpy with a known size', 'strcat': 'cv_buffer', 'sprintf': 'snprintf', 'vsprintf': 'vsnprintf',
    'gets': 'fgets', 'strtok': 'strcspn', 'strtok_r': 'strcspn', 'atoi': 'strtol', 'atol': 'strtol', 'atoll': 'strtoll',
    'atof': 'strtod', 'alloca': 'cv_arena', 'tmpnam': 'mkstemp', 'mktemp': 'mkstemp', 'scanf': 'strtol',
    'gmtime': 'gmtime_r', 'localtime': 'localtime_r', 'strerror': 'strerror_r', 'rand': 'getrandom',
}
LIBRARY = {name: 'an error, told to the caller' for name in
           'abort exit _exit _Exit quick_exit printf vprintf puts putchar perror system signal'.split()}
PRINTING = {name: 'the log or an error' for name in 'fprintf vfprintf fputs fputc putc'.split()}

# cuvee_app_main's files and the command: they are programs, and print and exit as programs do.
PROGRAMS = ('src/web/server/main.c', 'src/cli/')
# The default sink of the log.
LOG = ('src/base/log.c',)


def _calls(tree, name, functions):
    pattern = re.compile(r'(?<![\w.>])(' + '|'.join(functions) + r')\s*\(')
    for number, line in enumerate(tree.code(name).splitlines(), 1):
        for match in pattern.finditer(line):
            yield f'{name}:{number}: {match.group(1)} is not for here; use {functions[match.group(1)]}'


def check(tree):
    wrong = []
    for name in tree.files('src', 'include', 'tests', 'examples'):
        wrong += _calls(tree, name, UNSAFE)
    for name in tree.files('src'):
        if not name.startswith(PROGRAMS):
            wrong += _calls(tree, name, LIBRARY)
        if not name.startswith(PROGRAMS + LOG):
            wrong += _calls(tree, name, PRINTING)
    return wrong
