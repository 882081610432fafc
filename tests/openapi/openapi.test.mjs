// Documents that validators and generators take, and a generated client at work: node openapi.test.mjs DEMO EVERYTHING WORK
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { startDemo } from '../support/server.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const [demoProgram, everythingProgram, work] = process.argv.slice(2).map((path) => resolve(path));
const fetched = (path) => import(pathToFileURL(join(work, 'node_modules', path)));
const { Validator } = await fetched('@seriousme/openapi-schema-validator/index.js');
const { createClient } = await fetched('@hey-api/openapi-ts/dist/index.js');
const Ajv = (await fetched('ajv/dist/2020.js')).default.default;
const addFormats = (await fetched('ajv-formats/dist/index.js')).default.default;

const bench = join(work, 'client'); // where clients are generated and compiled

function documentOf(program) {
  const run = spawnSync(program, ['openapi'], { cwd: bench, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout);
}

rmSync(bench, { recursive: true, force: true });
mkdirSync(bench, { recursive: true });
const documents = { demo: documentOf(demoProgram), everything: documentOf(everythingProgram) };
const copy = (document) => JSON.parse(JSON.stringify(document));

/** What the official JSON Schema of OpenAPI 3.1, and a look at all references, say of a document. */
async function validate(document) {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(copy(document));
  return valid ? [] : [errors].flat();
}

/** Makes checks of values from the schemas of a document; unknown keywords and formats are errors. */
function checksOf(document) {
  const ajv = new Ajv({ strict: true, allErrors: true });
  addFormats(ajv);
  const alone = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"components#/$defs/'));
  ajv.addSchema({ $id: 'components', $defs: alone(document.components.schemas) });
  return (schema) => {
    const fits = ajv.compile(alone(schema));
    return (value, what = 'value') => assert.ok(fits(value), `${what} ${JSON.stringify(value)}: ${ajv.errorsText(fits.errors)}`);
  };
}

/** Every schema in a document, with where it is. */
function* schemasIn(value, path = '') {
  if (value === null || typeof value !== 'object') return;
  if (/\/schema$|^\/components\/schemas\/[^/]+$|\/properties\/[^/]+$/.test(path)) yield [path, value];
  for (const [key, inner] of Object.entries(value))
    yield* schemasIn(inner, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

for (const [name, document] of Object.entries(documents)) {
  test(`the document of ${name} is OpenAPI 3.1`, async () => {
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(await validate(document), []);
  });

  test(`the schemas of ${name} are JSON Schema 2020-12, and examples and defaults fit them`, () => {
    const checkOf = checksOf(document);
    let count = 0;
    for (const [path, schema] of schemasIn(document)) {
      const check = checkOf(schema);
      for (const value of schema.examples ?? []) check(value, path);
      if ('default' in schema) check(schema.default, path);
      count++;
    }
    assert.ok(count > 20, `only ${count} schemas were found`);
  });

  test(`the document of ${name} names every operation once`, () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const ids = operations.map((operation) => operation.operationId);
    assert.deepEqual(ids, [...new Set(ids)]);
  });
}

test('the validator finds what is wrong', async () => {
  const nameless = copy(documents.everything);
  delete nameless.info.title;
  assert.notDeepEqual(await validate(nameless), []);
  const dangling = copy(documents.everything);
  delete dangling.components.schemas.ThingBrief;
  assert.notDeepEqual(await validate(dangling), []);
  const misspelt = copy(documents.everything);
  misspelt.components.schemas.ThingBrief.propertys = {};
  assert.throws(() => checksOf(misspelt)({ $ref: '#/components/schemas/ThingBrief' }), /propertys/);
});

// After a change that is meant: build/tests/openapi/everything openapi | python3 -m json.tool --indent 2 --no-ensure-ascii
test('the document of everything is the one that is kept', () => {
  const kept = JSON.parse(readFileSync(join(HERE, 'everything.json'), 'utf8'));
  assert.deepEqual(documents.everything, kept);
  assert.equal(JSON.stringify(documents.everything), JSON.stringify(kept), 'the order is another');
});

// ---- a generated client ----

let demo;
let api;

before(async () => {
  for (const name of ['tsconfig.json', 'program.ts']) copyFileSync(join(HERE, name), join(bench, name));
  writeFileSync(join(bench, 'package.json'), '{"type": "module"}\n');
  for (const [name, document] of Object.entries(documents)) {
    const path = join(bench, name);
    await createClient({ input: document, output: { path, importFileExtension: '.js' }, logs: { level: 'silent' } });
  }
  const compiler = join(work, 'node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [compiler, '-p', bench], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stdout);
  demo = await startDemo(demoProgram);
  const { connect } = await import(pathToFileURL(join(bench, 'compiled/program.js')));
  api = connect(demo.origin);
});

after(async () => {
  await demo?.stop();
});

test('the generated client lists the users, as the document says they are', async () => {
  const users = await api.users();
  assert.equal(users.length, 10);
  assert.deepEqual(users[0], { id: 1, name: 'Ada', email: 'Ada@example.com' });
  const { schema } = documents.demo.paths['/users'].get.responses[200].content['application/json'];
  checksOf(documents.demo)(schema)(users);
});

test('the generated client creates a user and reads it', async () => {
  const { status, data } = await api.create({ name: 'Jane Doe', email: 'jane@example.com' });
  assert.equal(status, 201);
  assert.deepEqual(data, { id: 11, name: 'Jane Doe', email: 'jane@example.com' });
  assert.deepEqual((await api.user(data.id)).data, data);
});

test('the generated client hears of a user that is not there', async () => {
  const { status, data, error } = await api.user(4711);
  assert.equal(status, 404);
  assert.equal(data, undefined);
  assert.deepEqual(error, { detail: 'Not Found' });
});

test('the generated client hears of a user that is there already', async () => {
  const { status, error } = await api.create({ name: 'Ada', email: 'Ada@example.com' });
  assert.equal(status, 409);
  assert.deepEqual(error, { detail: 'There is another User with the same email already' });
});

test('the generated client hears of all mistakes, as the document says they are', async () => {
  assert.deepEqual(await api.mistakes({ name: '', email: 'nobody' }), [['body', 'name'], ['body', 'email']]);
  const { status, error } = await api.create({ name: '', email: 'nobody' });
  assert.equal(status, 422);
  const { schema } = documents.demo.paths['/users'].post.responses[422].content['application/json'];
  checksOf(documents.demo)(schema)(error);
});

test('the generated client signs up, in two databases', async () => {
  const signup = { name: 'John Doe', email: 'john@example.com', item: 'Lamp', quantity: 2 };
  const { user, order } = await api.signUp(signup);
  assert.equal(user.email, signup.email);
  assert.deepEqual([order.item, order.quantity], ['Lamp', 2]);
  await assert.rejects(api.signUp(signup));
});
