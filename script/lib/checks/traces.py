"""The repository speaks of itself alone: no paths of one machine, no hosts of registries, nothing left to do."""
import re

TRACES = (
    (r'(?<![\w.$}])/(?:home|root|Users|work)/\w', 'a path of one machine'),
    (r'https?://(?:registry|deb|mirrors?|archive|proxy|ftp)\.[\w.]+', 'a registry\'s address'),
    (r'\b(?:TO' r'DO|FIX' r'ME|XX' r'X|HA' r'CK)\b', 'something left to do'),
    (r'\b[Ii]ssue [A-H]\b', 'a plan\'s name'),
    (r'^(?:<{7}|>{7}) ', 'a merge that was not finished'),
)
BINARY = ('.png', '.gz', '.db', '.ico', '.jpg')


def check(tree):
    wrong = []
    for name in tree.files(ends=''):
        if name.endswith(BINARY):
            continue
        for number, line in enumerate(tree.text(name).splitlines(), 1):
            if name.endswith('package-lock.json') and '"resolved"' in line:
                wrong.append(f'{name}:{number}: a lock file names where packages were fetched')
            for pattern, what in TRACES:
                if re.search(pattern, line):
                    wrong.append(f'{name}:{number}: {what}: {line.strip()[:80]}')
    return wrong
