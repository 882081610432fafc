"""Arrows between rooms point down: docs/architecture.md has the house, these are its tables."""
import re

FLOOR = {'base': 0, 'model': 1, 'driver': 1, 'sql': 2, 'blend': 2, 'commit': 3, 'session': 4, 'migrate': 4,
         'tenant': 5, 'web': 6, 'rest': 7, 'cli': 8}

# Rooms on a lower floor (or the same) that a room must not know all the same.
FORBIDDEN = {'driver': {'model'}, 'model': {'driver'}, 'commit': {'model', 'sql'}, 'web': {'sql', 'driver'},
             'rest': {'driver'}, 'cli': {'sql', 'driver'}, 'sql': {'blend'}}

# The lowest floor from which a public header may be included. Plain data comes down to those who need its names:
# cuvee_bind_options (blend.h) and cuvee_comparison (expr.h) to the drivers, cuvee_outcome to the commit.
HEADER_FLOOR = {'error': 0, 'value': 0, 'outcome': 0, 'expr': 0, 'model': 1, 'blend': 1, 'session': 4, 'query': 4,
                'relation': 4, 'sql': 4}
OTHER_HEADERS = 6  # the web's

# The rooms within src/web, from the ground up. Two on the same floor do not know each other.
WEB_FLOOR = {'flow': 0, 'wire': 1, 'app': 2, 'request': 3, 'reply': 4, 'front': 5, 'openapi': 6, 'pages': 6,
             'dispatch': 7, 'server': 8, 'client': 8}

# Headers of other people's libraries, and the only folders that may include them.
LIBRARY = {
    r'sqlite3(ext)?\.h': ('src/driver/sqlite', 'src/driver/scripted'),
    r'libpq-fe\.h|libpq/.*|postgres_ext\.h': ('src/driver/postgres',),
    r'mysql\.h|mariadb.*|mysql/.*': ('src/driver/mariadb',),
    r'microhttpd\.h': ('src/web/server',),
    r'zlib\.h': ('src/web/front', 'src/web/pages'),
    r'jwt\.h': ('src/web',),
    r'jansson\.h': ('src/model', 'src/web', 'src/rest', 'src/cli'),
    r'pcre2\.h': ('src/model',),
}

STANDARD = set('assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg '
               'stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar '
               'wctype'.split())


def _library_mistake(name, path):
    for pattern, homes in LIBRARY.items():
        if re.fullmatch(pattern, path) and not name.startswith(tuple(home + '/' for home in homes)):
            return f'<{path}> belongs to {" and ".join(homes)}'
    return None


def _web_mistake(folders, path):
    room, other = folders[0] if folders else '', path.split('/')[1]
    if room not in WEB_FLOOR:
        return f'src/web/{room} is no room of the web'
    if path.count('/') < 2 or other not in WEB_FLOOR:
        return f'"{path}": write the room in the web too, "web/{room}/…"'
    if room != other and WEB_FLOOR[other] >= WEB_FLOOR[room]:
        return f'"{path}" reaches up: web/{room} is on floor {WEB_FLOOR[room]}, web/{other} on floor {WEB_FLOOR[other]}'
    return None


def _room_mistake(name, kind, path):
    room = name.split('/')[1]
    if room not in FLOOR:
        return f'src/{room} is no room of the house'
    if kind == 'angled':
        public = re.fullmatch(r'cuvee/(\w+)\.h', path)
        if public and HEADER_FLOOR.get(public.group(1), OTHER_HEADERS) > FLOOR[room]:
            return f'<{path}> is above {room}'
        return _library_mistake(name, path)
    other = path.split('/')[0]
    if '/' not in path or other not in FLOOR:
        return f'"{path}": write the room too, "{room}/{path}"'
    if room == other == 'web':
        return _web_mistake(name.split('/')[2:-1], path)
    if FLOOR[other] > FLOOR[room]:
        return f'"{path}" reaches up: {room} is on floor {FLOOR[room]}, {other} on floor {FLOOR[other]}'
    if other in FORBIDDEN.get(room, ()):
        return f'"{path}": {room} must not know {other}'
    if room != 'driver' and re.fullmatch(r'driver/\w+/.*', path):
        return f'"{path}": only the driver room knows which engines there are'
    return None


def _public_mistake(name, kind, path):
    own = name.split('/')[-1][:-2]
    other = re.fullmatch(r'cuvee/(\w+)\.h', path)
    if kind == 'quoted':
        return f'"{path}": public headers include <cuvee/…> and standard headers'
    if other and HEADER_FLOOR.get(other.group(1), OTHER_HEADERS) > HEADER_FLOOR.get(own, OTHER_HEADERS):
        return f'<{path}> is above <cuvee/{own}.h>'
    if not other and path[:-2] not in STANDARD:
        return f'<{path}> is neither <cuvee/…> nor a standard header'
    return None


def _example_mistake(name, kind, path):
    if kind == 'quoted' and '/' in path:
        return f'"{path}": examples use <cuvee/…> only'
    if kind == 'angled' and not path.startswith('cuvee/') and path[:-2] not in STANDARD:
        return f'<{path}>: examples use <cuvee/…> only'
    return None


def check(tree):
    wrong = []
    for folder, rule in (('src', _room_mistake), ('include', _public_mistake), ('examples', _example_mistake)):
        for name in tree.files(folder):
            for line, kind, path in tree.includes(name):
                mistake = rule(name, kind, path)
                if mistake:
                    wrong.append(f'{name}:{line}: {mistake}')
    return wrong
