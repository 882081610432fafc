"""Short files, short functions, and short lines: clang-format leaves comments and texts as wide as they are."""
from statistics import median

from .tree import functions

FILE_CAP, FILE_MEDIAN = 800, 250
FUNCTION_CAP, FUNCTION_MEDIAN = 80, 15
LINE_CAP = 120
SOURCES = ('src', 'include', 'tests', 'examples', 'bench')


def _lines(tree, names):
    return {name: tree.text(name).count('\n') for name in names}


def check(tree):
    wrong = []
    everything = tree.files(*SOURCES, 'script', ends=('.c', '.h', '.py', '.sh', '.js', '.mjs'))
    for name, count in _lines(tree, everything).items():
        if count > FILE_CAP:
            wrong.append(f'{name}: {count} lines, the cap is {FILE_CAP}')
    for name in tree.files(*SOURCES):
        wrong += [f'{name}:{number}: {len(line)} columns, the cap is {LINE_CAP}'
                  for number, line in enumerate(tree.text(name).split('\n'), 1) if len(line) > LINE_CAP]
    for name, function, first, last, _ in functions(tree, tree.files(*SOURCES)):
        if last - first + 1 > FUNCTION_CAP:
            wrong.append(f'{name}:{first}: {function} has {last - first + 1} lines, the cap is {FUNCTION_CAP}')
    return wrong + _medians(tree)


def _medians(tree):
    names = tree.files('src')
    wrong = []
    of_files = median(_lines(tree, names).values() or [0])
    of_functions = median([last - first + 1 for _, _, first, last, _ in functions(tree, names)] or [0])
    if of_files > FILE_MEDIAN:
        wrong.append(f'src: the median file has {of_files} lines, more than {FILE_MEDIAN}')
    if of_functions > FUNCTION_MEDIAN:
        wrong.append(f'src: the median function has {of_functions} lines, more than {FUNCTION_MEDIAN}')
    return wrong


def figures(tree):
    """One line about the sizes, for people."""
    code, tests = (sum(_lines(tree, tree.files(*folders)).values()) for folders in (('src', 'include'), ('tests',)))
    names = tree.files('src')
    sizes = [last - first + 1 for _, _, first, last, _ in functions(tree, names)]
    files = _lines(tree, names).values()
    return (f'{code} lines of code, {tests} of tests ({tests / max(code, 1):.2f}); '
            f'files: median {median(files or [0]):g}, longest {max(files, default=0)}; '
            f'functions: median {median(sizes or [0]):g}, longest {max(sizes, default=0)}')
