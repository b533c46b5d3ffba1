// RSA keys for clients whose ID tokens are signed with RS256.
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

async function pairOf(jwk) {
  const { kty, n, e } = jwk;
  return {
    privateKey: await crypto.subtle.importKey('jwk', jwk, ALGORITHM, false, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', { kty, n, e }, ALGORITHM, true, ['verify']),
  };
}

/** The pairs of a JSON array of private keys (JWK), of which the first one signs. */
export const readSigningKeys = (text) => Promise.all(JSON.parse(text).map(pairOf));

/** A new array with one key, as text. */
export async function generateSigningKeys() {
  const settings = { ...ALGORITHM, modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1) };
  const { privateKey } = await crypto.subtle.generateKey(settings, true, ['sign', 'verify']);
  const { kty, n, e, d, p, q, dp, dq, qi } = await crypto.subtle.exportKey('jwk', privateKey);
  return JSON.stringify([{ kty, n, e, d, p, q, dp, dq, qi }]);
}
