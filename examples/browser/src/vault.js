// Where accounts are kept: IndexedDB of this browser.
//
// The secrets are encrypted with AES-GCM under a key that scripts cannot read out,
// kept in the same database. A copy of the records alone is of no use; whoever can
// use this browser profile, or run a script on this origin, can use the accounts.
// Counters are not secret: they are kept beside, so that one transaction reads and
// writes them.
import { openDB } from 'idb';

const STRICT = { durability: 'strict' };
const LAST_COUNTER = 2n ** 64n - 1n;
const NAME = 'main';
const utf8 = new TextEncoder();

const database = openDB('authenticator', 1, {
  upgrade(made) {
    made.createObjectStore('keys');
    made.createObjectStore('accounts', { keyPath: 'id' });
  },
});
const changes = new BroadcastChannel('authenticator');
let held;

/** The key, which the first tab that needs one creates. */
async function key() {
  if (held) return held;
  const made = await crypto.subtle.generateKey(
    { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const write = (await database).transaction('keys', 'readwrite', STRICT);
  held = await write.store.get(NAME);
  if (!held) {
    await write.store.put(made, NAME);
    held = made;
  }
  await write.done;
  return held;
}

const algorithm = (id, iv) => ({ name: 'AES-GCM', iv, additionalData: utf8.encode(id) });

async function opened({ id, iv, sealed, counter }) {
  const bytes = await crypto.subtle.decrypt(algorithm(id, iv), await key(), sealed);
  return { id, content: JSON.parse(new TextDecoder().decode(bytes)), counter };
}

/** Calls a function after another tab has changed something: a counter, or more. */
export const onChange = (call) => changes.addEventListener('message', call);

/** All accounts in the order in which they were added, and how many cannot be decrypted. */
export async function list() {
  const records = await (await database).getAll('accounts');
  records.sort((one, other) => one.place - other.place);
  const results = await Promise.allSettled(records.map(opened));
  const accounts = results.flatMap(({ value }) => value ?? []);
  return { accounts, lost: results.length - accounts.length };
}

export async function add(list) {
  const records = await Promise.all(list.map(async ({ content, counter }) => {
    const id = crypto.randomUUID();
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(
      algorithm(id, iv), await key(), utf8.encode(JSON.stringify(content)));
    return { id, iv, sealed, counter };
  }));
  const write = (await database).transaction('accounts', 'readwrite', STRICT);
  const last = Math.max(0, ...(await write.store.getAll()).map(({ place }) => place));
  for (const [at, record] of records.entries()) {
    await write.store.add({ ...record, place: last + 1 + at });
  }
  await write.done;
  changes.postMessage({});
  // Otherwise the browser may delete the accounts when it needs room.
  navigator.storage?.persist?.().catch(() => {});
}

export async function remove(id) {
  const write = (await database).transaction('accounts', 'readwrite', STRICT);
  await write.store.delete(id);
  await write.done;
  changes.postMessage({});
}

/** Changes a counter in one transaction and returns what it was; `null` changes nothing. */
async function move(id, next) {
  const write = (await database).transaction('accounts', 'readwrite', STRICT);
  const record = await write.store.get(id);
  const counter = record && next(record.counter);
  if (counter != null) await write.store.put({ ...record, counter });
  await write.done;
  if (!record || counter === null) return null;
  changes.postMessage({ id, counter });
  return record.counter;
}

/**
 * Takes the counter of an account: the next one is stored before this returns, so
 * that no code is ever shown twice. `null` when there is none left.
 */
export const takeCounter = (id) =>
  move(id, (counter) => (counter < LAST_COUNTER ? counter + 1n : null));

/** Moves a counter ahead, never back. */
export const advance = (id, next) => move(id, (counter) => (next > counter ? next : null));
