// Fetches a test's packages into a build folder, as the lock file among its sources says: node install.mjs PACKAGE.json WORK STAMP
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [list, work, stamp] = process.argv.slice(2);
mkdirSync(work, { recursive: true });
for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(dirname(list), name), join(work, name));
const fetchAll = () => spawnSync('npm', ['ci', '--prefer-offline', '--no-progress'], { cwd: work, encoding: 'utf8' });
let run = fetchAll();
for (let tries = 1; run.status !== 0 && tries < 3; tries++) run = fetchAll();
if (run.status !== 0) {
  process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? run.error ?? ''}\n`);
  process.exit(1);
}
writeFileSync(stamp, '');
