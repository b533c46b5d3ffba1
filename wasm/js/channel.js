// Channels: the callers of the mPass contract.
import { bytes, flag, method, optional, options, place, text, texts, u32, u64 } from './check.js';
import { Keyring, Policy } from './challenge.js';
import { MpassError } from './errors.js';
import { Handle, OWN, call, inner, taken } from './instance.js';
import { swapOf } from './store.js';

const NOW = 'the time in milliseconds';

const SETTINGS = {
  name: text,
  addresses: texts,
  apps: texts,
  policy: (value) => value,
  country: u32,
  host: text,
  english: text,
  arabic: text,
  sender: text,
};

export class ChannelWrite extends Handle {
  swap() {
    const write = inner(this, ChannelWrite);
    return swapOf(call(() => write.swap()));
  }

  stored() {
    const write = taken(this, ChannelWrite);
    return call(() => write.stored());
  }
}

export class Channel extends Handle {
  static place(keyring, name) {
    const keys = inner(keyring, Keyring);
    text(name, 'the name');
    return call((mpass) => mpass.Channel.place(keys, name));
  }

  static create(keyring, current, settings, nowMs) {
    const keys = inner(keyring, Keyring);
    const value = optional(current, 'the current value', bytes);
    const checked = options(settings, 'the settings', SETTINGS);
    text(checked.name, 'the name');
    const policy = inner(checked.policy ?? new Policy(), Policy);
    const now = u64(nowMs, NOW);
    const write = call((mpass) => mpass.Channel.create(keys, value, checked, policy, now));
    return new ChannelWrite(OWN, write);
  }

  static open(keyring, key, value) {
    const keys = inner(keyring, Keyring);
    place(key, 'the key');
    bytes(value, 'the value');
    return new Channel(OWN, call((mpass) => mpass.Channel.open(keys, key, value)));
  }

  rotate(keyring, nowMs) {
    const channel = inner(this, Channel);
    const keys = inner(keyring, Keyring);
    const now = u64(nowMs, NOW);
    return new ChannelWrite(OWN, call(() => channel.rotate(keys, now)));
  }

  revoke(keyring, nowMs) {
    const channel = inner(this, Channel);
    const keys = inner(keyring, Keyring);
    const now = u64(nowMs, NOW);
    return swapOf(call(() => channel.revoke(keys, now)));
  }

  facts() {
    const channel = inner(this, Channel);
    const [name, keyVersion, createdAtMs, isRevoked, addresses, apps, country, host, english,
      arabic, sender] = call(() => channel.facts());
    return {
      name, keyVersion, createdAtMs: Number(createdAtMs), isRevoked, addresses, apps, country,
      host, english, arabic, sender,
    };
  }
}

/** Makes a channel in a store and returns its key. */
export async function createChannel(keyring, store, settings, nowMs = Date.now()) {
  method(store, 'load', 'the store');
  method(store, 'swap', 'the store');
  const key = Channel.place(keyring, text(settings?.name, 'the name'));
  const current = await store.load('tenant', key);
  const write = Channel.create(keyring, current, settings, nowMs);
  const swapped = await store.swap(write.swap(), nowMs);
  // Somebody else has just written there: a channel of that name.
  if (!flag(swapped?.stored, 'stored')) throw MpassError.of('NameTaken');
  return write.stored();
}
