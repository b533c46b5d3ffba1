// The header of a store, and what a restore from a backup makes void.
import { equal, ok, rejects } from './assert.js';
import { NOON } from './world.js';

const KEY = new Uint8Array(16);
const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const ASCII = (text) => new TextEncoder().encode(text);

/** The vectors that every language runs. */
export async function vectors(mpass, file) {
  for (const vector of file.vectors) {
    const keyring = mpass.Keyring.parse(vector.keyring);
    const store = new mpass.MemoryStore(10);
    if (vector.header_hex) {
      const swap = { kind: 'document', key: KEY, value: hex(vector.header_hex) };
      equal(await store.swap(swap, NOON), { stored: true });
    }
    let opened;
    try {
      opened = await mpass.openStore(keyring, store);
    } catch (error) {
      equal(error.name, vector.error, vector.name);
      continue;
    }
    equal(vector.error, undefined, vector.name);
    equal(opened.activeKey, vector.active_key, vector.name);
    equal(opened.keys, [1, 2], vector.name);
    equal(opened.restoredAtMs, vector.restored_at_ms ?? null, vector.name);
    equal(opened.confirmedAtMs, vector.confirmed_at_ms ?? null, vector.name);
  }
  return file.vectors.length;
}

export default (mpass) => {
  const at = (ms) => () => NOON + ms;

  async function initialized() {
    const [keyring, store] = [mpass.Keyring.generate(), new mpass.MemoryStore(10)];
    await rejects(mpass.openStore(keyring, store), 'StoreNotInitialized');
    const header = await mpass.initializeStore(keyring, store);
    equal(header.isClosed, false);
    equal(await mpass.openStore(keyring, store), header);
    equal(await mpass.initializeStore(keyring, store), header);
    const other = mpass.Keyring.generate();
    await rejects(mpass.openStore(other, store), 'OtherKeyring');
    await rejects(mpass.initializeStore(other, store), 'OtherKeyring');
  }

  async function documents() {
    const [keyring, store] = [mpass.Keyring.generate(), new mpass.MemoryStore(10)];
    const swap = { kind: 'document', key: KEY.map(() => 1), value: KEY };
    equal(await store.swap(swap, NOON), { stored: true });
    await rejects(mpass.initializeStore(keyring, store), 'StoreNotInitialized');
    const broken = {
      load: async () => null,
      swap: async () => ({ stored: true }),
      list: async () => { throw new Error('broken'); },
    };
    await rejects(mpass.initializeStore(keyring, broken), 'StoreFailed');
  }

  async function keys() {
    const [keyring, store] = [mpass.Keyring.generate(), new mpass.MemoryStore(10)];
    await mpass.initializeStore(keyring, store);
    const id = keyring.add();
    equal((await mpass.activateStoreKey(keyring, store, id)).activeKey, id);
    equal((await mpass.removeStoreKey(keyring, store, 1)).keys, [id]);
    await rejects(mpass.removeStoreKey(keyring, store, id), 'ActiveRecordKey');
    equal((await mpass.upgradeStore(keyring, store)).activeKey, id);
  }

  async function restored() {
    const [keyring, store] = [mpass.Keyring.generate(), new mpass.MemoryStore(10)];
    await mpass.initializeStore(keyring, store);
    const challenge = (state) => new mpass.Challenge(keyring, new mpass.Policy(), {
      service: 'login', tenant: ASCII('acme'), subject: { number: '+966500000000' },
    }, state);
    const { issued } = await challenge().issue(store, at(0));
    const hotp = new mpass.Hotp(mpass.Secret.fromHex('3132333435363738393031323334353637383930'));
    const token = (state) =>
      new mpass.Token(keyring, ASCII('acme'), ASCII('token'), undefined, state);
    equal(await token().attemptHotp(store, hotp, hotp.generate(0), at(0)), 'Accept');

    const { restoredAtMs } = await mpass.storeRestored(keyring, store, at(1));
    equal(restoredAtMs, NOON + 1);
    await rejects(mpass.openStore(keyring, store), 'StoreClosed');
    ok((await mpass.readStoreHeader(keyring, store)).isClosed);
    equal((await mpass.confirmStore(keyring, store, at(2))).confirmedAtMs, NOON + 2);
    const header = await mpass.openStore(keyring, store);
    const state = { restoredAtMs: header.restoredAtMs };

    equal(await challenge(state).attempt(store, issued.code, at(3)), 'NoChallenge');
    equal(await challenge().attempt(store, issued.code, at(3)), 'Accept');
    const attempt = (counter) =>
      token(state).attemptHotp(store, hotp, hotp.generate(counter), at(3));
    equal(await attempt(1), 'Resynchronize');
    const codes = [hotp.generate(1), hotp.generate(2)];
    equal(await token(state).resynchronizeHotp(store, hotp, codes, at(4)), 'Accept');
    equal(await attempt(3), 'Accept');
    const absent = new mpass.Token(
      keyring, ASCII('acme'), ASCII('absent'), undefined, { isEnrolled: true });
    await rejects(absent.attemptHotp(store, hotp, hotp.generate(0), at(3)), 'RecordMissing');
  }

  return {
    'header: an empty store is initialized only where that is asked for': initialized,
    'header: a store with documents and no header is not initialized': documents,
    'header: keys and formats change in one call': keys,
    'header: a restore makes challenges void and tokens resynchronise': restored,
  };
};
