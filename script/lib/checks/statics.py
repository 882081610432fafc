"""A function that no other file uses is static."""
import re
from collections import Counter

from .tree import functions


def _words(tree, names):
    return {name: set(re.findall(r'\w+', tree.code(name))) for name in names}


def check(tree):
    users = _words(tree, tree.files('src', 'tests', 'examples', 'bench', ends=('.c',)))
    for header in tree.files('src', ends=('.h',)):
        code = tree.code(header)
        users[header] = {word for line in code.splitlines() if line.startswith('#define')
                         for word in re.findall(r'\w+', line)}
        # An inline function uses what stands there beside its declaration.
        users[header] |= {word for word, count in Counter(re.findall(r'\w+', code)).items() if count > 1}
    wrong = []
    for name, function, line, _, static in functions(tree, tree.files('src', ends=('.c',))):
        if static or function.startswith('cuvee_'):
            continue
        if not any(function in words for other, words in users.items() if other != name):
            wrong.append(f'{name}:{line}: {function} could be static')
    return wrong
