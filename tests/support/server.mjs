// The demo on a free port with databases of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The address in the line that a program prints when it serves; rejects when it ends without. */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    let told = '';
    const hear = (text) => {
      told += text;
      const address = told.match(/listens on (http:[^,\s]+),/);
      if (address) resolve(address[1]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', () => reject(new Error(`the demo does not serve: ${told}`)));
    child.on('error', reject);
  });
}

export async function startDemo(program) {
  const data = mkdtempSync(join(tmpdir(), 'cuvee-demo-'));
  const child = spawn(program, ['serve', '--host', '127.0.0.1', '--port', '0', '--data', data]);
  return {
    origin: await addressOf(child),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(data, { recursive: true, force: true });
    },
  };
}
