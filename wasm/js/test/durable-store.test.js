// Tests of the store in Durable Objects without the runtime: which object has a key,
// and what is repeated.
import assert from 'node:assert/strict';
import test from 'node:test';
import { DurableObjectStore, Keyring, initializeStore } from './internals.js';

/** A namespace that notes its calls; the first ones fail with `errors`. */
function namespace(...errors) {
  const calls = [];
  const call = (name, method, answer) => async (...parameters) => {
    calls.push([name, method, ...parameters.slice(-1)]);
    const error = errors.shift();
    if (error) throw error;
    return answer;
  };
  return {
    calls,
    idFromName: (name) => ({ name }),
    get: ({ name }, options) => ({
      load: call(name, 'load', options ?? null),
      swap: call(name, 'swap', { stored: true }),
      list: call(name, 'list', [{ key: new Uint8Array(16), value: new Uint8Array(1) }]),
    }),
  };
}

const keyOf = (first, second = 0) => Uint8Array.of(first, second, ...new Uint8Array(14));
const restarted = (rest) => Object.assign(new Error('reset'), { retryable: true, ...rest });

test('each object has an equal range of keys', async () => {
  for (const [shards, key, index] of [
    [undefined, keyOf(0), '16/0'], [16, keyOf(15, 255), '16/0'], [16, keyOf(16), '16/1'],
    [16, keyOf(255, 255), '16/15'], [1, keyOf(255, 255), '1/0'], [3, keyOf(85, 85), '3/0'],
    [3, keyOf(85, 86), '3/1'], [3, keyOf(170, 171), '3/2'], [1024, keyOf(255, 191), '1024/1022'],
    [1024, keyOf(255, 192), '1024/1023'],
  ]) {
    const binding = namespace();
    const store = new DurableObjectStore(binding, { shards });
    await store.load('state', key);
    await store.swap({ kind: 'document', key, expected: null, value: key });
    const names = binding.calls.map(([name]) => name);
    assert.deepEqual(names, [`mpass/${index}`, `mpass/${index}`]);
  }
});

test('a list goes from object to object until its limit', async () => {
  const binding = namespace();
  const store = new DurableObjectStore(binding, { name: 'shop', shards: 4 });
  for (const [after, limit, asked] of [
    [null, 9, [[0, 9], [1, 8], [2, 7], [3, 6]]],
    [null, 2, [[0, 2], [1, 1]]],
    [keyOf(128), 9, [[2, 9], [3, 8]]],
    [keyOf(255), 1, [[3, 1]]],
    [null, 0, []],
  ]) {
    binding.calls.length = 0;
    assert.equal((await store.list(after, limit)).length, asked.length);
    const calls = asked.map(([index, most]) => [`shop/4/${index}`, 'list', most]);
    assert.deepEqual(binding.calls, calls);
  }
});

test('only reads are repeated, once, and only after a restart', async () => {
  const cases = [
    [[restarted()], 2, true],
    [[restarted(), restarted()], 2, false],
    [[restarted({ overloaded: true })], 1, false],
    [[new Error('broken')], 1, false],
  ];
  for (const [errors, count, isRead] of cases) {
    for (const read of [(store) => store.load('state', keyOf(1)), (store) => store.list(null, 1)]) {
      const binding = namespace(...errors);
      const outcome = read(new DurableObjectStore(binding, { shards: 1 }));
      if (isRead) await outcome;
      else await assert.rejects(outcome, errors.at(-1));
      assert.equal(binding.calls.length, count);
    }
  }
  const binding = namespace(restarted());
  const swap = { kind: 'state', key: keyOf(1), expected: null, value: keyOf(1), expiresAtMs: null };
  await assert.rejects(new DurableObjectStore(binding).swap(swap, 0), /reset/);
  assert.equal(binding.calls.length, 1);
});

test('an object without room stores nothing, and others may have stored', async () => {
  const [keyring, key] = [Keyring.generate(), keyOf(1)];
  const swap = { kind: 'state', key, expected: null, value: key, expiresAtMs: null };
  const full = new Error('StoreFull: database or disk is full: SQLITE_FULL');
  await assert.rejects(new DurableObjectStore(namespace(full)).swap(swap, 0),
    { name: 'StoreFull', number: 404, cause: full });
  const store = (error) => ({
    load: async () => null, list: async () => [], swap: async () => { throw error; },
  });
  // An error of another entry means the same.
  const other = Object.assign(new Error(), { name: 'StoreFull', number: 404 });
  await assert.rejects(initializeStore(keyring, store(other)), { name: 'StoreFull', cause: other });
  for (const error of [
    new Error('reset'), Object.assign(new Error(), { name: 'StoreFull', number: 5 }), undefined,
  ]) {
    await assert.rejects(initializeStore(keyring, store(error)), { name: 'StoreUnknown' });
  }
});

test('the hint of a location is passed on', async () => {
  const hinted = new DurableObjectStore(namespace(), { locationHint: 'weur' });
  assert.deepEqual(await hinted.load('state', keyOf(1)), { locationHint: 'weur' });
});

test('what is no namespace, setting, kind or key is refused', async () => {
  for (const [settings, name] of [
    [{ shards: 0 }, 'RangeError'], [{ shards: 1025 }, 'RangeError'], [{ shards: '4' }, 'TypeError'],
    [{ shard: 4 }, 'TypeError'], [{ name: 4 }, 'TypeError'],
  ]) {
    assert.throws(() => new DurableObjectStore(namespace(), settings), { name });
  }
  for (const binding of [undefined, null, 'STORE', {}]) {
    assert.throws(() => new DurableObjectStore(binding), { name: 'TypeError' });
  }
  const store = new DurableObjectStore(namespace());
  await assert.rejects(store.load('stat', keyOf(1)), { name: 'TypeError' });
  await assert.rejects(store.load('state', new Uint8Array(15)), { name: 'RangeError' });
  await assert.rejects(store.swap({ kind: 'state', key: [1] }, 0), { name: 'TypeError' });
  await assert.rejects(store.swap(undefined, 0), { name: 'TypeError' });
  await assert.rejects(store.list(new Uint8Array(15), 1), { name: 'RangeError' });
});
