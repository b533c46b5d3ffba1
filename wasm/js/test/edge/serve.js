// Serves the example worker under test, with a stand-in for the operator, until its
// standard input ends. Prints where, and its keyring, as one line of JSON.
import { Keyring } from 'libmpass';
import { withDirectory } from '../workerd-run.js';
import { startOperator } from './operator.js';
import { ADMIN_TOKEN, startEdge } from './run.js';

const keyring = Keyring.generate();
const operator = await startOperator();
await withDirectory(async (directory) => {
  const file = 'workerd-served.capnp';
  const edge = await startEdge({ directory, keyring, operator: operator.base, file });
  try {
    const ended = new Promise((resolve) => { process.stdin.once('end', resolve).resume(); });
    console.log(JSON.stringify({
      worker: edge.base,
      operator: operator.base,
      keyring: keyring.expose(),
      admin_token: ADMIN_TOKEN,
    }));
    await ended;
  } finally {
    await edge.stop('SIGKILL');
    operator.close();
  }
});
