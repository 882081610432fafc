// The demo's read endpoints as users of Fastify write them: a pool of connections per database, replies serialised by their
// schemas.
//
//   node server.mjs postgres|mariadb PORT PROCESSES plain|prepared
//
// "plain" runs statements as the clients' own pages show it; "prepared" has them prepared once per connection.
// BENCH_SOCKET (PostgreSQL: its folder) and BENCH_PORT say where the database server is, BENCH_LOGIN who connects, and
// BENCH_PACKAGES in which folder the packages are installed.
import cluster from 'node:cluster';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const load = createRequire(join(process.env.BENCH_PACKAGES, 'package.json'));
const [client, port, processes, mode] = process.argv.slice(2);
const { BENCH_SOCKET: socket, BENCH_PORT: databasePort, BENCH_LOGIN: user } = process.env;
const CONNECTIONS = 10;
const prepared = mode === 'prepared';

// Each gives a function that runs a statement on a database and answers its rows.
const clients = {
  postgres(database) {
    const { Pool, types } = load('pg');
    // Ids are bigint, which this client reads as text otherwise.
    types.setTypeParser(types.builtins.INT8, Number);
    const pool = new Pool({ host: socket, port: Number(databasePort), user, database, max: CONNECTIONS });
    return async (text, values) => (await pool.query(prepared ? { name: text, text, values } : { text, values })).rows;
  },
  mariadb(database) {
    const settings = { socketPath: socket, user, database, connectionLimit: CONNECTIONS, bigIntAsNumber: true };
    const pool = load('mariadb').createPool(settings);
    const run = prepared ? pool.execute.bind(pool) : pool.query.bind(pool);
    return (text, values) => run(text.replace('$1', '?'), values);
  },
};

const integer = { type: 'integer' };
const string = { type: 'string' };
const userRow = { type: 'object', properties: { id: integer, name: string, email: string } };
const orderRow = { type: 'object', properties: { id: integer, item: string, quantity: integer } };
const params = { type: 'object', properties: { id: integer } };
const listOf = (row) => ({ response: { 200: { type: 'array', items: row } } });

function serve() {
  const accounts = clients[client]('accounts');
  const sales = clients[client]('sales');
  const app = load('fastify')();
  app.get('/users', { schema: listOf(userRow) }, () => accounts('SELECT id, name, email FROM users ORDER BY id', []));
  app.get('/orders', { schema: listOf(orderRow) }, () => sales('SELECT id, item, quantity FROM orders ORDER BY id', []));
  app.get('/users/:id', { schema: { params, response: { 200: userRow } } }, async (request, reply) => {
    const rows = await accounts('SELECT id, name, email FROM users WHERE id = $1', [request.params.id]);
    return rows[0] ?? reply.code(404).send({ detail: 'Not Found' });
  });
  return app.listen({ host: '127.0.0.1', port: Number(port) });
}

if (Number(processes) > 1 && cluster.isPrimary) {
  for (let i = 0; i < Number(processes); i++) cluster.fork();
} else {
  await serve();
}
