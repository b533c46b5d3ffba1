// Tests the example worker with its durable store over real HTTP: the exchange,
// and parallel attempts.
import { createServer } from 'node:http';
import { Keyring } from 'libmpass';
import { equal, ok } from './cases/assert.js';
import { show } from './show.js';
import { esm, packageModules, version, withWorkerd } from './workerd-run.js';

const DEST = '+966500000000';
const PARALLEL = 64;
const outbox = [];

const gateway = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  outbox.push(JSON.parse(Buffer.concat(parts).toString()));
  response.end();
});
await new Promise((resolve) => { gateway.listen(0, '127.0.0.1', resolve); });

const modules = [esm('worker.js', 'edge-worker/worker.js'), ...packageModules()];
const worker = `
  modules = [${modules.join(',\n    ')}],
  compatibilityDate = "2026-01-01",
  durableObjectNamespaces = [(className = "StoredValue", uniqueKey = "stored-values")],
  durableObjectStorage = (inMemory = void),
  bindings = [
    (name = "STORED_VALUE", durableObjectNamespace = "StoredValue"),
    (name = "KEYRING", text = ${JSON.stringify(Keyring.generate().expose())}),
    (name = "ADMIN_TOKEN", text = "token of the test"),
    (name = "GATEWAY", service = "gateway"),
  ],
`;
const services = [
  `(name = "gateway", external = (address = "127.0.0.1:${gateway.address().port}", http = ()))`,
];

async function run(base, results) {
  const ask = async (path, parameters) => {
    const response = await fetch(`${base}/mpass-web/rest/mv/${path}?${new URLSearchParams(parameters)}`);
    return (await response.json()).status;
  };
  const channel = (token) => fetch(`${base}/channels`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify({ name: 'shop' }),
  });
  const check = async (name, work) => {
    const result = { name, passed: false };
    results.push(result);
    try {
      result.count = (await work()) ?? null;
      result.passed = true;
    } catch (error) {
      result.message = `${error.stack}`;
    }
  };
  let apikey;
  const code = () => outbox.at(-1).text.match(/\d{6}/)[0];

  await check('channels are the administrator\'s', async () => {
    equal((await channel('another')).status, 403);
    ({ key: apikey } = await (await channel('token of the test')).json());
    equal(await (await channel('token of the test')).json(), { error: 'NameTaken' });
  });
  await check('the exchange: sent, rejected, accepted, and used', async () => {
    equal(await ask('msg', { apikey, dest: DEST }), '0');
    equal(outbox.at(-1).to, DEST);
    const wrong = code().replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    equal(await ask('verify', { apikey, dest: DEST, otp: wrong }), '3');
    equal(await ask('verify', { apikey, dest: DEST, otp: code() }), '0');
    equal(await ask('verify', { apikey, dest: DEST, otp: code() }), '3');
    equal(await ask('msg', { apikey: 'nobody', dest: DEST }), '2');
  });
  await check('server: of right codes at once exactly one is accepted', async () => {
    let attempts = 0;
    for (let round = 0; round < 4; round += 1) {
      const dest = `+96650000010${round}`;
      equal(await ask('msg', { apikey, dest }), '0');
      const otp = code();
      const answers = await Promise.all(
        Array.from({ length: PARALLEL }, () => ask('verify', { apikey, dest, otp })));
      equal(answers.filter((status) => status === '0').length, 1);
      ok(answers.every((status) => status === '0' || status === '3'), `${answers}`);
      attempts += answers.length;
    }
    return attempts;
  });
}

const results = [];
try {
  await withWorkerd(worker, services, (base) => run(base, results));
} finally {
  gateway.close();
  gateway.closeAllConnections();
}
show(`examples/edge-worker in workerd ${version}`, results);
