// Redis and PostgreSQL of a test's own, in a temporary directory and on sockets there.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;
const DEBIAN = '/usr/lib/postgresql';

const pause = () => new Promise((done) => { setTimeout(done, PAUSE_MS); });

async function until(isReady, what) {
  const end = Date.now() + PATIENCE_MS;
  while (!await isReady()) {
    if (Date.now() > end) throw new Error(`${what} is not ready after ${PATIENCE_MS} ms`);
    await pause();
  }
}

function directoryOf(name) {
  const directory = mkdtempSync(join(tmpdir(), `mpass-${name}-`));
  chmodSync(directory, 0o755);
  return directory;
}

function succeeds(program, parameters) {
  try {
    execFileSync(program, parameters, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A process, which `stop` ends; its directory is removed. */
function running(command, directory, options) {
  const child = spawn(command[0], command.slice(1), { stdio: 'ignore', ...options });
  const ended = new Promise((done) => { child.once('exit', done); });
  return {
    signal: (name) => child.kill(name),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Starts Redis; `socket` is its socket. */
export async function redis(...settings) {
  const directory = directoryOf('redis');
  const socket = join(directory, 'redis.sock');
  const server = running([
    'redis-server', '--unixsocket', socket, '--dir', directory, '--save', '',
    '--appendonly', 'yes', '--appendfsync', 'always', '--port', '0', ...settings,
  ], directory);
  await until(() => succeeds('redis-cli', ['-s', socket, 'ping']), 'Redis');
  return { ...server, socket };
}

/** Where Debian has the programs of PostgreSQL. */
function programs() {
  const versions = readdirSync(DEBIAN).map(Number).sort((one, other) => other - one);
  return join(DEBIAN, String(versions[0]), 'bin');
}

/** Starts PostgreSQL; `connection` is what a client needs. It does not run as root. */
export async function postgres() {
  const directory = directoryOf('postgres');
  const isRoot = userInfo().uid === 0;
  if (isRoot) execFileSync('chown', ['postgres', directory]);
  const user = { user: isRoot ? 'postgres' : userInfo().username };
  const asUser = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
  const run = (program, ...parameters) => {
    const [first, ...rest] = [...asUser, join(programs(), program), ...parameters];
    execFileSync(first, rest, { stdio: 'ignore', cwd: directory });
  };
  const data = join(directory, 'data');
  run('initdb', '-D', data, '-A', 'trust', '-E', 'UTF8', '--locale=C');
  const server = running([
    ...asUser, join(programs(), 'postgres'), '-D', data, '-k', directory, '-h', '',
  ], directory, { cwd: directory });
  const ready = ['-q', '-h', directory, '-U', user.user];
  await until(() => succeeds(join(programs(), 'pg_isready'), ready), 'PostgreSQL');
  return { ...server, connection: { host: directory, database: 'postgres', ...user } };
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
