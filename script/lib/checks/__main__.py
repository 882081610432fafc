"""Runs the checks on a tree and tells what they found, in the form of TAP."""
import argparse
import os
import sys

from . import analysed, arrows, banned, circles, documented, formatted, lengths, links, statics, traces
from .tree import Tree

CHECKS = {
    'format': formatted.check,
    'arrows': arrows.check,
    'circles': circles.check,
    'lengths': lengths.check,
    'statics': statics.check,
    'banned': banned.check,
    'documented': documented.check,
    'tested': documented.check_tested,
    'traces': traces.check,
    'links': links.check,
    'analysis': analysed.check,
}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(prog='script/check', description='Checks the source; see CONTRIBUTING.md.')
    parser.add_argument('--root', default=os.path.normpath(os.path.join(here, '../../..')), help='tree to look at')
    parser.add_argument('name', nargs='*', choices=[[], *CHECKS], help='checks to run; default: all')
    options = parser.parse_args()
    tree = Tree(os.path.abspath(options.root))
    names = options.name or list(CHECKS)
    failed = 0
    print(f'1..{len(names)}')
    for number, name in enumerate(names, 1):
        wrong = CHECKS[name](tree)
        failed += bool(wrong)
        print(f'{"not ok" if wrong else "ok"} {number} - {name}')
        for line in wrong:
            print(f'# {line}')
        sys.stdout.flush()
    print('# ' + lengths.figures(tree))
    print(f'{len(names) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
