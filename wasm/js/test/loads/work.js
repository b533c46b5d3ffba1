// What the ways to load an entry share: files and processes.
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const start = promisify(execFile);

/** The Node.js versions of the table, which npm provides. */
export const NODES = [
  ['Node.js 18', resolve('node_modules/node-18/bin/node')],
  ['Node.js, as installed', process.execPath],
  ['Node.js 22', resolve('node_modules/node-22/bin/node')],
];
export const NODE_22 = NODES[2][1];

/** An empty directory in which the installed package is found. */
export function workplace(name) {
  const directory = resolve('loaded', name.replaceAll(/\W+/g, '-'));
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** Writes files, by their paths in a directory. */
export function write(directory, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const require = createRequire(import.meta.url);

/** Copies the module of an entry, if it is passed one. */
export function beside(directory, { module }) {
  if (module) copyFileSync(require.resolve(module), join(directory, module.split('/').at(-1)));
}

/** Runs a program and returns what it prints. Its failure has both streams. */
export async function run(program, options, cwd, env = {}) {
  try {
    const settings = {
      cwd, env: { ...process.env, ...env }, timeout: 900_000, maxBuffer: 2 ** 25,
    };
    const { stdout } = await start(program, options, settings);
    return stdout.trim();
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout ?? ''}`, { cause: error });
  }
}

/** The results of entries, by their names: those of `work`, or its failures. */
export async function each(entries, work) {
  const results = {};
  for (const entry of entries) {
    try {
      results[entry.name] = await work(entry);
    } catch (error) {
      results[entry.name] = error;
    }
  }
  return results;
}

/** The same, two entries at a time: for processes. */
export async function pairs(entries, work) {
  const [first, second] = await Promise.all([0, 1].map((side) =>
    each(entries.filter((_, at) => at % 2 === side), work)));
  return { ...first, ...second };
}
