"""clang-tidy with the checks of .clang-tidy; a file that has not changed since it passed is not analysed again."""
import hashlib
import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor


def _commands(tree):
    """Source file → folder and arguments of its compilation, from the build folder's database."""
    database = tree.path('build/compile_commands.json')
    if not os.path.exists(database):
        return {}
    with open(database, encoding='utf-8') as file:
        entries = json.load(file)
    found = {}
    for entry in entries:
        source = os.path.relpath(os.path.join(entry['directory'], entry['file']), tree.root)
        found[source] = entry
    return found


def _digest(tree, name, headers):
    return hashlib.sha256((headers + tree.text(name)).encode()).hexdigest()


def _analyse(tree, name):
    told = subprocess.run(['clang-tidy', '--quiet', '-p', tree.path('build'), tree.path(name)], capture_output=True,
                          text=True)
    lines = [re.sub(r'^(?:build/)?\.\./', '', line.replace(tree.root + '/', '')) for line in told.stdout.splitlines()
             if re.search(r': (?:warning|error): ', line)]
    if told.returncode and not lines:
        lines = [f'{name}: clang-tidy failed: {(told.stderr or told.stdout).strip()[-300:]}']
    return lines


def check(tree):
    commands = _commands(tree)
    if not commands:
        return ['build/compile_commands.json is missing: build first (meson setup build)']
    names = [name for name in tree.files('src', 'examples', ends=('.c',)) if name in commands]
    headers = tree.text('.clang-tidy') + ''.join(tree.text(name) for name in tree.files('include', 'src', ends=('.h',)))
    kept = tree.path('build/analysed')
    os.makedirs(kept, exist_ok=True)
    stamps = {name: os.path.join(kept, _digest(tree, name, headers)) for name in names}
    changed = [name for name in names if not os.path.exists(stamps[name])]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = dict(zip(changed, pool.map(lambda name: _analyse(tree, name), changed)))
    for name, lines in results.items():
        if not lines:
            open(stamps[name], 'w').close()
    return sorted({line for lines in results.values() for line in lines})
