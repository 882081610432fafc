"""Each public function has a doc comment, and a test that names it or a macro which calls it."""
import re

PROTOTYPE = re.compile(r'^[a-z][\w \t]*[\s*]\**(cuvee_\w+)\(', re.M)
MACRO = re.compile(r'^#define[ \t]+(\w+)\(.*?\)((?:.*\\\n)*.*)$', re.M)


def _prototypes(header):
    """(name, line) of each function that a header declares."""
    for match in PROTOTYPE.finditer(header):
        yield match.group(1), header.count('\n', 0, match.start()) + 1


def _is_documented(lines, number):
    """Whether a doc comment ends right above the declaration, or above the run of declarations that it is in."""
    for line in reversed(lines[:number - 1]):
        if line.rstrip().endswith('*/'):
            return True
        if not line.strip():
            return False
    return False


def _aliases(headers):
    """function → macros that call it, through the headers' own helper macros (their names end with an underscore)."""
    bodies = {name: set(re.findall(r'\w+', body)) for text in headers for name, body in MACRO.findall(text)}

    def reached(name, seen):
        for word in bodies.get(name, set()) - seen:
            seen.add(word)
            if word.endswith('_'):
                reached(word, seen)
        return seen

    found = {}
    for macro in bodies:
        for word in reached(macro, set()):
            found.setdefault(word, set()).add(macro)
    return found


def check(tree):
    wrong = []
    for name in tree.files('include', ends=('.h',)):
        lines = tree.text(name).splitlines()
        for function, number in _prototypes(tree.text(name)):
            if not _is_documented(lines, number):
                wrong.append(f'{name}:{number}: {function} has no doc comment')
    return wrong


def check_tested(tree):
    headers = tree.files('include', ends=('.h',))
    aliases = _aliases([tree.text(name) for name in headers])
    tested = set()
    for name in tree.files('tests', ends=('.c',)):
        tested |= set(re.findall(r'\w+', tree.code(name)))
    wrong = []
    for name in headers:
        for function, number in _prototypes(tree.text(name)):
            if not tested & ({function} | aliases.get(function, set())):
                wrong.append(f'{name}:{number}: no test names {function}')
    return wrong
