// The docs pages in a real browser that can reach nothing but the demo: node docs.test.mjs DEMO WORK
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { startDemo } from '../support/server.mjs';

const [program, work] = process.argv.slice(2);
const { chromium } = createRequire(join(work, 'package.json'))('playwright-core');
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const PATIENCE = 120_000; // milliseconds; machines may be slow
const pictures = join(work, 'screenshots');

let demo;
let browser;
let page;
let strangers;
let complaints;
let refused; // status of a reply that the browser may complain about

before(async () => {
  mkdirSync(pictures, { recursive: true });
  demo = await startDemo(program);
  browser = await chromium.launch({ executablePath: BROWSERS.find((path) => existsSync(path)), args: FLAGS, timeout: PATIENCE });
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

beforeEach(async () => {
  strangers = [];
  complaints = [];
  refused = undefined;
  page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  page.setDefaultTimeout(PATIENCE);
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== demo.origin) strangers.push(request.url());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
});

afterEach(async () => {
  await page.close();
  assert.deepEqual(strangers, [], 'requests that left the server');
  const unexpected = complaints.filter((text) => !text.includes(`responded with a status of ${refused}`));
  assert.deepEqual(unexpected, [], 'errors on the page');
});

async function openOperation(method, path) {
  await page.goto(`${demo.origin}/docs`);
  const block = page.locator(`.opblock-${method}`, { has: page.locator(`[data-path="${path}"]`) });
  await block.locator('.opblock-summary-control').click();
  await block.getByRole('button', { name: 'Try it out' }).click();
  return block;
}

async function execute(block) {
  await block.getByRole('button', { name: 'Execute' }).click();
  const row = block.locator('.live-responses-table .response').first();
  const status = await row.locator('.response-col_status').innerText();
  return { status: Number.parseInt(status, 10), body: JSON.parse(await row.locator('.highlight-code code').first().innerText()) };
}

test('Swagger UI lists the ten users', async () => {
  const block = await openOperation('get', '/users');
  const { status, body } = await execute(block);
  await page.screenshot({ path: join(pictures, 'docs-users.png'), fullPage: true });
  assert.equal(status, 200);
  assert.equal(body.length, 10);
  assert.deepEqual(Object.keys(body[0]), ['id', 'name', 'email']);
});

test('Swagger UI shows why a request was refused', async () => {
  refused = 422;
  const block = await openOperation('post', '/users');
  await block.locator('textarea.body-param__text').fill('{"name": "No Address"}');
  const { status, body } = await execute(block);
  await page.screenshot({ path: join(pictures, 'docs-refused.png'), fullPage: true });
  assert.equal(status, 422);
  assert.deepEqual(body.detail[0].loc, ['body', 'email']);
});

test('ReDoc shows the models', async () => {
  await page.goto(`${demo.origin}/redoc`);
  const section = page.locator('[data-section-id]', { has: page.getByText('/users', { exact: true }) });
  await section.first().waitFor();
  for (const button of await page.getByRole('button', { name: /^20[01]/ }).all()) await button.click();
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: join(pictures, 'redoc.png'), fullPage: true });
  const text = await page.locator('#redoc').innerText();
  for (const word of ['email', 'quantity', 'item', 'Unique identifier'])
    assert.ok(text.includes(word), `the page does not say ${word}`);
});

test('the pages\' licences are served', async () => {
  for (const path of ['/docs/swagger-ui-bundle.js.LICENSE.txt', '/redoc/redoc.standalone.js.LICENSE.txt']) {
    const reply = await fetch(demo.origin + path);
    assert.equal(reply.status, 200, path);
    assert.match(await reply.text(), /licen[cs]e/i);
  }
});
