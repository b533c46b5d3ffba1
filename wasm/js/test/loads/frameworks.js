// What renders on a server and what runs tests: Next.js, Vitest and Jest.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, listening } from '../listening.js';
import { SOURCES, program } from './entries.js';
import { NODE_22, each, run, workplace, write } from './work.js';

const bin = (path) => resolve('node_modules', path);

/** The places of Next.js that run code, with the way to get a module there. */
const NEXT = {
  // Turbopack gives a server component the address for a page, not a file.
  server: (module) => SOURCES.cwd(`../../node_modules/${packed(module)}`),
  client: SOURCES.asset,
  route: SOURCES.assetFile,
  // Turbopack does not find `PACKAGE/NAME.wasm?module` by the exports of a package.
  edge: (module) => SOURCES.compiled(`../../../node_modules/${packed(module)}`),
};

/** The file of a module in its package. */
const packed = (module) => {
  const [name, file] = module.split('/');
  const { exports } = JSON.parse(readFileSync(bin(`${name}/package.json`), 'utf8'));
  return join(name, exports[`./${file}`]);
};

const route = (file, place, runtime) => `import run from '../../../programs/${file}.${place}.js';
export const runtime = '${runtime}';
export const dynamic = 'force-dynamic';
export const GET = async () => new Response(await run());
`;

/** An application with a page and two routes for each entry. */
function application(entries) {
  const directory = workplace('next');
  write(directory, {
    'package.json': '{ "private": true }\n',
    'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(resolve())} } };\n`,
    'app/layout.js': `export const metadata = { title: 'libmpass' };
export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
`,
  });
  for (const entry of entries) {
    const { file } = entry;
    for (const [place, source] of Object.entries(NEXT)) {
      write(directory, { [`programs/${file}.${place}.js`]: program(entry, source) });
    }
    write(directory, {
      [`app/${file}/page.js`]: `import run from '../../programs/${file}.server.js';
import Client from './client.js';
export const dynamic = 'force-dynamic';
export default async function Page() {
  return <main><p>{await run()}</p><Client /></main>;
}
`,
      [`app/${file}/client.js`]: `'use client';
import { useEffect } from 'react';
import run from '../../programs/${file}.client.js';
export default function Client() {
  useEffect(() => { globalThis.answer = run(); }, []);
  return null;
}
`,
      [`app/route/${file}/route.js`]: route(file, 'route', 'nodejs'),
      [`app/edge/${file}/route.js`]: route(file, 'edge', 'edge'),
    });
  }
  return directory;
}

/** Builds the application and starts its server. */
async function startedNext(entries) {
  const directory = application(entries);
  const next = bin('next/dist/bin/next');
  const env = { NEXT_TELEMETRY_DISABLED: '1', CI: 'true' };
  await run(process.execPath, [next, 'build'], directory, env);
  const port = await freePort();
  const child = spawn(process.execPath, [next, 'start', '-p', port, '-H', '127.0.0.1'], {
    cwd: directory, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = [];
  child.stderr.on('data', (text) => said.push(`${text}`));
  const base = `http://127.0.0.1:${port}`;
  await listening(base, child);
  return { base, child, directory, said };
}

/** Rows of the places of Next.js, and what ends its server. */
function next(opened) {
  let started;
  const row = (runtime, load) => ['Next.js', runtime, async (entries) => {
    started ??= startedNext(entries);
    const server = await started;
    return each(entries, (entry) => load(server, entry));
  }];
  const body = async ({ base, said }, path) => {
    const response = await fetch(`${base}/${path}`);
    const text = await response.text();
    return response.ok ? text : `${response.status}\n${said.splice(0).join('')}`;
  };
  const rows = [
    row('Node.js, a server component', async (server, { file }) => {
      const text = await body(server, file);
      return text.match(/<main><p>([^<]*)</)?.[1] ?? text;
    }),
    row('Chromium, a client component', ({ base }, { file }) => opened(`${base}/${file}`)),
    row('Node.js, a route', (server, { file }) => body(server, `route/${file}`)),
    row('the edge runtime, a route', async (server, { file, result }) => {
      const found = await body(server, `edge/${file}`);
      // Where it is deployed, it has compiled modules only; here, it compiles them.
      const manifest = readFileSync(join(server.directory, '.next/server/middleware-manifest.json'));
      const { wasm } = JSON.parse(manifest).functions[`/edge/${file}/route`];
      return found === result && wasm.length !== 1 ? `${wasm.length} compiled modules` : found;
    }),
  ];
  const close = async () => {
    if (started) (await started).child.kill();
  };
  return { rows, close };
}

/** A program and its test, which both runners have the same functions for. */
const tested = ({ file, result }, ending, load) => ({
  [`${file}.test.${ending}`]: `${load}
test('${file}', async () => expect(await run()).toBe('${result}'));
`,
});

async function vitest(entries) {
  const directory = workplace('vitest');
  const text = entries.map((entry) => [
    [`${entry.file}.js`, program(entry, SOURCES.resolved)],
    ...Object.entries(tested(entry, 'js', `import run from './${entry.file}.js';`)),
  ]);
  write(directory, Object.fromEntries(text.flat()));
  const options = ['run', '--globals', '--reporter=json', '--outputFile=report.json', `--root=${directory}`];
  const failed = await run(NODE_22, [bin('vitest/vitest.mjs'), ...options], directory)
    .then(() => '', (error) => error.message);
  return reported(entries, directory, failed);
}

async function jest(entries) {
  const directory = workplace('jest');
  write(directory, { 'package.json': '{ "private": true, "jest": { "cacheDirectory": "cache" } }\n' });
  for (const entry of entries) {
    write(directory, {
      [`${entry.file}.js`]: program(entry, SOURCES.required, true),
      ...tested(entry, 'js', `const run = require('./${entry.file}.js');`),
    });
  }
  const options = ['--json', '--outputFile=report.json', '--watchman=false', `--rootDir=${directory}`];
  const failed = await run(process.execPath, [bin('jest/bin/jest.js'), ...options], directory)
    .then(() => '', (error) => error.message);
  return reported(entries, directory, failed);
}

/** The results in the report of a runner, which both write in one form. */
function reported(entries, directory, failed) {
  const report = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'));
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = new Set(tests.filter(({ status }) => status === 'passed').map(({ title }) => title));
  return Object.fromEntries(entries.map(({ name, file, result }) =>
    [name, passed.has(file) ? result : failed || JSON.stringify(report)]));
}

/** Rows of the table; `opened` opens a page in Chromium. */
export function frameworks(opened) {
  const { rows, close } = next(opened);
  return {
    rows: [...rows, ['Vitest', 'Node.js 22', vitest], ['Jest, CommonJS', 'Node.js, as installed', jest]],
    close,
  };
}
