"""clang-format changes nothing."""
import re
import subprocess


def check(tree):
    names = tree.files('src', 'include', 'tests', 'examples', 'bench')
    if not names:
        return []
    told = subprocess.run(['clang-format', '--dry-run', '-Werror', '--style=file'] + names, cwd=tree.root,
                          capture_output=True, text=True)
    lines = sorted({match.group(1) for match in re.finditer(r'^(\S+?:\d+):\d+: error', told.stderr, re.M)})
    if told.returncode and not lines:
        return [told.stderr.strip()]
    return [f'{line}: clang-format would change this' for line in lines]
