"""The files that the checks look at, and C source with its comments and texts taken out."""
import os
import re
import subprocess

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def _blank(match):
    """The same lines, emptied; a text keeps its quotes, so that #include "x" is blanked too (see Tree.includes)."""
    text = match.group()
    if text[0] in '"\'':
        return text[0] * 2
    return re.sub(r'[^\n]', ' ', text)


class Tree:
    """A checkout (or a copy of one): every file that git tracks or would add."""

    def __init__(self, root):
        self.root = root
        self._texts = {}
        self._files = sorted(self._list())

    def _list(self):
        if os.path.isdir(os.path.join(self.root, '.git')) or os.path.isfile(os.path.join(self.root, '.git')):
            listed = subprocess.run(['git', '-C', self.root, 'ls-files', '-co', '--exclude-standard'],
                                    capture_output=True, text=True, check=True)
            return [name for name in set(listed.stdout.splitlines()) if os.path.isfile(os.path.join(self.root, name))]
        return [os.path.relpath(os.path.join(folder, name), self.root)
                for folder, _, names in os.walk(self.root) for name in names]

    def files(self, *folders, ends=('.c', '.h')):
        """Paths below the folders (none: the whole tree) with one of these endings."""
        starts = tuple(folder + '/' for folder in folders)
        return [name for name in self._files if name.startswith(starts or '') and name.endswith(ends)]

    def path(self, name):
        return os.path.join(self.root, name)

    def text(self, name):
        if name not in self._texts:
            with open(self.path(name), encoding='utf-8', errors='replace') as file:
                self._texts[name] = file.read()
        return self._texts[name]

    def code(self, name):
        """C source without comments and texts, line by line where it was."""
        return TOKEN.sub(_blank, self.text(name))

    def includes(self, name):
        """(line, 'quoted' or 'angled', path) of each #include."""
        plain = re.sub(r'/\*.*?\*/', lambda m: re.sub(r'[^\n]', ' ', m.group()), self.text(name), flags=re.S)
        for number, line in enumerate(plain.splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', line)
            if match:
                yield number, 'quoted' if match.group(1) else 'angled', match.group(1) or match.group(2)


def functions(tree, names):
    """Every function defined in these files: (file, name, first line, last line, static)."""
    if not names:
        return []
    listed = subprocess.run(
        ['ctags', '--languages=C,C++', '--langmap=C:.c.h', '--kinds-C=f', '--fields=+nef', '-x',
         '--_xformat=%F\t%N\t%n\t%e\t%f', '-L', '-'],
        input='\n'.join(tree.path(name) for name in names), capture_output=True, text=True, check=True)
    found = []
    for line in listed.stdout.splitlines():
        path, name, first, last, local = line.split('\t')
        found.append((os.path.relpath(path, tree.root), name, int(first), int(last), local != '-'))
    return found
