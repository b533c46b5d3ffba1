// The texts of messages, and the hashes of Android apps.
import { equal, ok, rejects, throws } from './assert.js';
import { World } from './world.js';

const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** Settings of a channel with one text. */
const SETTINGS = {
  texts: (text, tag) => ({ texts: { [tag]: text } }),
  sender: (text) => ({ sender: text }),
  apps: (text) => ({ apps: [text] }),
  android_app_hashes: (text) => ({ androidAppHashes: [text] }),
};

/** Checks the texts that a channel keeps; the number of vectors. */
export async function texts(mpass, { vectors: list }) {
  const { tenants } = new World(mpass, null);
  let passed = 0;
  for (const vector of list) {
    const { field, tag, text, error, kept = text, kept_tag: keptTag = tag } = vector;
    const name = `web${passed}`;
    const create = (given) =>
      tenants.create('channel', { name, ...SETTINGS[field](given, tag) });
    if (error) await rejects(create(text), error, text);
    else {
      let tampered = null;
      try {
        tampered = await create(`${text}\u202e`);
      } catch ({ name: refused }) {
        ok(refused.startsWith('Invalid'), refused);
      }
      equal(tampered, null, text);
      await create(text);
      const facts = await tenants.read('channel', name);
      const [member, expected] = Object.entries(SETTINGS[field](kept, keptTag))[0];
      equal(facts[member], expected, text);
    }
    passed += 1;
  }
  return passed;
}

/** Checks the hashes of Android apps; the number of vectors. */
export function androidApps({ androidAppHash }, { vectors: list }) {
  for (const { package: name, certificate_hex: certificate, hash, error } of list) {
    if (error) throws(() => androidAppHash(name, hex(certificate)), error, name);
    else {
      equal(androidAppHash(name, hex(certificate)), hash, name);
      ok(androidAppHash(`${name}x`, hex(certificate)) !== hash, name);
    }
  }
  return list.length;
}
