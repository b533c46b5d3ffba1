// The first code in Node, workerd and Chromium, and codes once warm, with libmpass and
// with other libraries. Writes lines of JSON, {"group","name","value","unit"}, to the
// file in MPASS_BENCH_RESULTS or to standard output.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import workerd from 'workerd';
import { LIBRARIES, TASKS, bundled, expected, program } from './programs.js';
import { size } from './sizes.js';

const FIRST = 0;
const ROUNDS = 7;
const CALLS = 20_000;
const directory = resolve('made-beside');
mkdirSync(directory, { recursive: true });

function record(group, name, value, unit) {
  const line = `${JSON.stringify({ group, name, value: Number(value.toFixed(2)), unit })}\n`;
  const file = process.env.MPASS_BENCH_RESULTS;
  if (file) appendFileSync(file, line);
  else process.stdout.write(line);
}

const median = (values) => values.sort((one, other) => one - other)[values.length >> 1];
const milliseconds = () => Number(process.hrtime.bigint()) / 1e6;

function check(library, task, result) {
  if (result !== expected(library, task)) {
    throw new Error(`${library.name}, ${TASKS[task]}: ${result}`);
  }
}

/** Medians of times, for which all libraries run in turn. */
async function inTurn(group, measure) {
  const times = LIBRARIES.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [at, library] of LIBRARIES.entries()) times[at].push(await measure(library));
  }
  LIBRARIES.forEach(({ name }, at) => record(group, name, median(times[at]), 'ms'));
}

/** A new process imports the installed package; without the start of Node itself. */
function inNode(library) {
  const file = join(directory, 'node.mjs');
  writeFileSync(join(directory, 'program.mjs'), program(library, FIRST, 'file'));
  writeFileSync(file, `const begin = performance.now();
await import('./program.mjs');
console.log(JSON.stringify([performance.now() - begin, globalThis.result]));\n`);
  const [time, result] = JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
  check(library, FIRST, result);
  return time;
}

/** From the start of workerd to the first answer of a worker. */
async function answered(script, module, port) {
  writeFileSync(join(directory, 'worker.js'), script);
  const modules = [`(name = "worker.js", esModule = embed "worker.js")`];
  if (module) {
    writeFileSync(join(directory, 'module.wasm'), readFileSync(module.path));
    modules.push(`(name = ${JSON.stringify(module.name)}, wasm = embed "module.wasm")`);
  }
  writeFileSync(join(directory, 'config.capnp'), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [${modules}], compatibilityDate = "2026-01-01"))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);\n`);
  const begin = milliseconds();
  const child = spawn(workerd.default, ['serve', join(directory, 'config.capnp')], { stdio: 'ignore' });
  try {
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
      if (response) return [milliseconds() - begin, await response.text()];
      if (child.exitCode !== null) throw new Error('workerd has ended');
      await new Promise((done) => { setTimeout(done, 2); });
    }
  } finally {
    child.kill();
    if (child.exitCode === null) await new Promise((done) => { child.once('exit', done); });
  }
}

const ANSWER = 'export default { fetch: () => new Response(globalThis.result) };';

async function inWorkerd() {
  const server = createServer();
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const { port } = server.address();
  await new Promise((done) => { server.close(done); });
  const scripts = new Map();
  for (const library of LIBRARIES) {
    // A code in the request: workerd has no clock or entropy before.
    const [before, code] = [library.before(FIRST, 'workerd'), library.tasks[FIRST]];
    scripts.set(library, await bundled(
      `${before}\nexport default { fetch: () => new Response(${code}) };\n`,
      { conditions: ['workerd', 'worker', 'browser'], external: ['*.wasm'] }));
  }
  const empty = [];
  await inTurn('first code in workerd, its start without code left out', async (library) => {
    empty.push((await answered(`globalThis.result = '';\n${ANSWER}`, null, port))[0]);
    const module = library.workerd
      && { name: library.workerd.replace('./', ''), path: library.workerdModule };
    const [time, result] = await answered(scripts.get(library), module, port);
    check(library, FIRST, result);
    return time - median([...empty]);
  });
}

/** In a new page: a bundle and its module, fetched from loopback, compiled and run. */
async function inChromium() {
  const files = new Map();
  for (const [at, library] of LIBRARIES.entries()) {
    files.set(`/${at}/program.js`, ['text/javascript', await bundled(program(library, FIRST))]);
  }
  const server = createServer(({ url }, response) => {
    const library = LIBRARIES[url.split('/')[1]];
    const [type, body] = url.endsWith('.wasm') ? ['application/wasm', readFileSync(library.module)]
      : files.get(url) ?? ['text/html', '<!doctype html><title>page</title>'];
    response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const base = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  try {
    await inTurn('first code in Chromium', async (library) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(base);
      const [time, result] = await page.evaluate(async (path) => {
        const begin = performance.now();
        await import(path);
        return [performance.now() - begin, globalThis.result];
      }, `/${LIBRARIES.indexOf(library)}/program.js`);
      await context.close();
      check(library, FIRST, result);
      return time;
    });
  } finally {
    await browser.close();
    server.close();
  }
}

/** Programs as functions, for calls once warm: the object is made once. */
const WARM = {
  'libmpass/otp': `import { Secret, Totp } from 'libmpass/otp';
const totp = new Totp(Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'));
export const code = (n) => totp.generate(30 * n);
export const verify = () => totp.verify('287082', 80, 1, 1) !== null;`,
  otpauth: `import { TOTP } from 'otpauth';
const totp = new TOTP({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' });
export const code = (n) => totp.generate({ timestamp: 30000 * n });
export const verify = () => totp.validate({ token: '287082', timestamp: 80000, window: 1 }) !== null;`,
  otplib: `import { generateSync, verifySync } from 'otplib';
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
export const code = (n) => generateSync({ secret, epoch: 30 * n });
export const verify = () => verifySync({ secret, token: '287082', epoch: 80, epochTolerance: 30 }).valid;`,
  '@devolutions/slauth': `${LIBRARIES.at(-1).before(0, 'file')}
const totp = slauth.Totp.fromParts('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 4294967295, 6, slauth.OtpAlgorithm.sha1());
export const code = () => totp.generateCode();`,
};
WARM.libmpass = WARM['libmpass/otp'].replace('libmpass/otp', 'libmpass');

function nanoseconds(call, calls) {
  for (let n = 1; n < calls / 2; n += 1) call(n);
  const begin = milliseconds();
  for (let n = 1; n <= calls; n += 1) call(n);
  return (milliseconds() - begin) * 1e6 / calls;
}

async function warm() {
  const libraries = [];
  for (const [at, { name }] of LIBRARIES.entries()) {
    const file = join(directory, `warm-${at}.mjs`);
    writeFileSync(file, WARM[name]);
    const { code, verify } = await import(file);
    if (name !== '@devolutions/slauth' && !(code(1) === '287082' && verify())) throw new Error(name);
    libraries.push({ name, code, verify });
  }
  for (const [group, kind] of [['a code, warm, in Node', 'code'], ['verify ±1, warm, in Node', 'verify']]) {
    const able = libraries.filter((library) => library[kind]);
    const times = able.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      able.forEach((library, at) => times[at].push(nanoseconds(library[kind], CALLS)));
    }
    able.forEach(({ name }, at) => record(group, name, median(times[at]), 'ns'));
  }
}

for (const [task, name] of TASKS.entries()) {
  for (const library of LIBRARIES) {
    const bytes = await size(library, task);
    if (bytes) record(`${name}, with gzip`, library.name, bytes, 'bytes');
  }
}
await inTurn('first code in Node, its start left out', inNode);
await inWorkerd();
await inChromium();
await warm();
