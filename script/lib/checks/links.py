"""Pages name files that exist: relative links, and paths in `code` that begin with a folder of the project."""
import os
import re

LINK = re.compile(r'\]\((?!\w+:|#)([^)#\s]+)')
PATH = re.compile(r'`((?:src|include|tests|examples|docs|script|bench)/[\w./-]+)`')
PLACEHOLDER = re.compile(r'\b(?:NAME|ROOM)\b')


def _named(text, folder):
    """(line, path from the root) of what a page in `folder` names."""
    for number, line in enumerate(text.splitlines(), 1):
        for target in LINK.findall(line):
            yield number, os.path.normpath(os.path.join(folder, target))
        for path in PATH.findall(line):
            if not PLACEHOLDER.search(path):
                yield number, os.path.normpath(path)


def check(tree):
    wrong = []
    for name in tree.files(ends='.md'):
        for line, path in _named(tree.text(name), os.path.dirname(name)):
            if not os.path.exists(tree.path(path)):
                wrong.append(f'{name}:{line}: there is no {path}')
    return wrong
