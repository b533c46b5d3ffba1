// Waits for programs that listen.
import { createServer } from 'node:net';

/** An unused port. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** Waits until a program answers requests. */
export async function listening(base, child) {
  for (const until = Date.now() + 30_000; Date.now() < until;) {
    try {
      return await fetch(`${base}/nowhere`);
    } catch {
      if (child.exitCode !== null) break;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }
  throw new Error(`${child.spawnfile} does not answer`);
}
