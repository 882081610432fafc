// Writes the docs pages' files as a C table (src/web/pages/assets.h).
//
//     node generate.mjs WORK OUTPUT.c
//
// The packages are fetched into the folder WORK by `npm ci`, as the lock file beside this script says, and removed again.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const HERE = dirname(fileURLToPath(import.meta.url));
const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';

// ReDoc's page would fetch this picture from the internet; nothing is drawn in its place.
const LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const NO_PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

// Where each file is served, and the files of the packages that it is made of, one after the other.
const ASSETS = [
  { path: '/docs/swagger-ui-bundle.js', type: SCRIPT, from: ['swagger-ui-dist/swagger-ui-bundle.js'] },
  { path: '/docs/swagger-ui.css', type: STYLE, from: ['swagger-ui-dist/swagger-ui.css'] },
  {
    path: '/docs/swagger-ui-bundle.js.LICENSE.txt',
    type: TEXT,
    from: ['swagger-ui-dist/NOTICE', 'swagger-ui-dist/LICENSE', 'swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt'],
  },
  {
    path: '/redoc/redoc.standalone.js',
    type: SCRIPT,
    from: ['redoc/bundles/redoc.standalone.js'],
    replace: [LOGO, NO_PICTURE],
  },
  {
    path: '/redoc/redoc.standalone.js.LICENSE.txt',
    type: TEXT,
    from: ['redoc/LICENSE', 'redoc/bundles/redoc.standalone.js.LICENSE.txt'],
  },
];

function fetchPackages(work) {
  mkdirSync(work, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(HERE, name), join(work, name));
  const fetchAll = () => spawnSync('npm', ['ci', '--prefer-offline', '--no-progress'], { cwd: work, encoding: 'utf8' });
  let run = fetchAll();
  for (let tries = 1; run.status !== 0 && tries < 3; tries++) run = fetchAll();
  if (run.status === 0) return;
  process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? run.error ?? ''}\n`);
  process.stderr.write('npm could not fetch the files of the docs pages. -Ddocs=disabled builds without them.\n');
  process.exit(1);
}

function contentOf(work, { from, replace }) {
  const content = Buffer.concat(from.map((name) => readFileSync(join(work, 'node_modules', name))));
  if (!replace) return content;
  const [old, other] = replace;
  const text = content.toString('utf8');
  if (!text.includes(old)) throw new Error(`${from[0]} no longer has ${old}`);
  return Buffer.from(text.replaceAll(old, other));
}

function byteLines(bytes) {
  const lines = [];
  for (let i = 0; i < bytes.length; i += 32) lines.push(`    ${bytes.subarray(i, i + 32).join(',')},`);
  return lines.join('\n');
}

function tableOf(work) {
  const arrays = [];
  const rows = [];
  ASSETS.forEach((asset, index) => {
    const { path, type } = asset;
    const content = contentOf(work, asset);
    const etag = createHash('sha256').update(content).digest('hex').slice(0, 16);
    const bytes = gzipSync(content, { level: 9 });
    arrays.push(`static const unsigned char asset_${index}[] = {\n${byteLines(bytes)}\n};\n`);
    rows.push(`    {"${path}", "${type}", asset_${index}, sizeof asset_${index}, "\\"${etag}\\""},`);
  });
  return [
    '/* Made by generate.mjs. */',
    '#include "web/pages/assets.h"\n',
    ...arrays,
    `const struct cv_web_asset cv_web_assets[] = {\n${rows.join('\n')}\n};`,
    'const size_t cv_web_asset_count = sizeof cv_web_assets / sizeof cv_web_assets[0];\n',
  ].join('\n');
}

const [work, output] = process.argv.slice(2);
fetchPackages(work);
writeFileSync(output, tableOf(work));
rmSync(join(work, 'node_modules'), { recursive: true, force: true });
