// Fetches the browser's driver into a build folder, as the lock file beside this script says: node install.mjs WORK STAMP
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const [work, stamp] = process.argv.slice(2);
mkdirSync(work, { recursive: true });
for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(HERE, name), join(work, name));
const run = spawnSync('npm', ['ci', '--prefer-offline', '--no-progress'], { cwd: work, encoding: 'utf8' });
if (run.status !== 0) {
  process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? run.error ?? ''}\n`);
  process.exit(1);
}
writeFileSync(stamp, '');
