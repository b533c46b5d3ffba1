// RS256 (RFC 7518 section 3.3) by the Web Cryptography API.
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

const publicKey = (pair) => crypto.subtle.exportKey('jwk', pair.publicKey);

/** The answer to a step that lists the keys of a host. */
export async function listKeys(pairs) {
  if (pairs.length === 0) return { answer: 'unsupported' };
  const keys = await Promise.all(pairs.map(publicKey));
  return { answer: 'signingKeys', keys };
}

/** The answer to a step that signs. */
export async function sign(pairs, { key, message }) {
  for (const pair of pairs) {
    const { n } = await publicKey(pair);
    if (n !== key.n) continue;
    const signature = await crypto.subtle.sign(ALGORITHM, pair.privateKey, message);
    return { answer: 'signed', signature: new Uint8Array(signature) };
  }
  return { answer: 'unsupported' };
}

/** The answer to a step that checks a signature. */
export async function check({ key, message, signature }) {
  const imported = await crypto.subtle.importKey('jwk', key, ALGORITHM, false, ['verify']);
  const isGenuine = await crypto.subtle.verify(ALGORITHM, imported, signature, message);
  return { answer: isGenuine ? 'genuine' : 'forged' };
}
