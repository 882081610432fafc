"""No circles among the files of src: what a file calls does not call back, so each can be read and tested without those above it."""
import re

from .tree import functions

# Arrows that may close a circle: (from, to), and why.
ALLOWED = {
    ('src/model/plan_field.c', 'src/model/plan.c'): 'a field may hold an object, whose model has a plan of its own',
    ('src/sql/where.c', 'src/sql/select.c'): 'a condition may hold a sub-select',
    ('src/web/flow/stream.c', 'src/web/flow/channel.c'): 'a stream leaves the channel that sends to it',
}


def _arrows(tree):
    """{file: {other: names that it uses of it}}; inline functions of headers are nobody's."""
    names = tree.files('src', ends=('.c',))
    homes = {}
    for name, function, _, _, static in functions(tree, names):
        if not static:
            homes.setdefault(function, set()).add(name)
    arrows = {}
    for name in names:
        used = {}
        for word in set(re.findall(r'\w+', tree.code(name))):
            if len(homes.get(word, ())) == 1 and name not in homes[word]:
                used.setdefault(next(iter(homes[word])), []).append(word)
        arrows[name] = used
    return arrows


def _in_circles(arrows):
    """What is left when files that use none of the others, or are used by none, have been taken away."""
    left = set(arrows)
    while True:
        used = {other for name in left for other in arrows[name] if other in left}
        rest = {name for name in used if any(other in left for other in arrows[name])}
        if rest == left:
            return sorted(left)
        left = rest


def check(tree):
    arrows = _arrows(tree)
    wrong = []
    for (name, other), why in ALLOWED.items():
        if name in arrows and not arrows[name].pop(other, None):
            wrong.append(f'{name} uses nothing of {other}: script/lib/checks/circles.py need not allow it ("{why}")')
    left = _in_circles(arrows)
    for name in left:
        for other in sorted(set(arrows[name]) & set(left)):
            wrong.append(f'{name} uses {", ".join(sorted(arrows[name][other]))} of {other}, on a circle of files')
    return wrong
