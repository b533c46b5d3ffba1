// The export of Google Authenticator, otpauth-migration://offline?data=…: a message
// in the format of Protocol Buffers, in base64. Each of its accounts becomes a key
// URI, which the engine reads as it reads every other.
//
// Its fields are published at
// https://alexbakker.me/post/parsing-google-auth-export-qr-code.html
import { Secret } from 'libmpass/oath';
import { PbfReader } from 'pbf';

const ALGORITHMS = ['SHA1', 'SHA1', 'SHA256', 'SHA512'];
const DIGITS = [6, 6, 8];
const TYPES = ['totp', 'hotp', 'totp'];

export const isMigration = (text) => /^\s*otpauth-migration:/i.test(text);

/**
 * The key URIs of an export, the names of accounts that have none (an unknown
 * algorithm, number of digits or type), and which part of how many this is.
 * Throws a `SyntaxError` for what is no export.
 */
export function readMigration(text) {
  const payload = { accounts: [], size: 1, index: 0 };
  try {
    new PbfReader(bytesOf(text)).readFields(readPayload, payload);
  } catch (cause) {
    throw new SyntaxError('not an export of Google Authenticator', { cause });
  }
  const uris = [];
  const refused = [];
  for (const account of payload.accounts) {
    const uri = uriOf(account);
    if (uri) uris.push(uri);
    else refused.push(account.name);
  }
  if (uris.length + refused.length === 0) throw new SyntaxError('an export without accounts');
  return { uris, refused, part: payload.index + 1, parts: payload.size };
}

function bytesOf(text) {
  const data = new URL(text.trim()).searchParams.get('data');
  // A + that was not escaped is read as a space.
  const binary = atob(data.replaceAll(' ', '+').replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function readPayload(field, payload, reader) {
  if (field === 1) {
    const account = { secret: new Uint8Array(), name: '', issuer: '', algorithm: 0, digits: 0, type: 0, counter: 0 };
    payload.accounts.push(reader.readMessage(readAccount, account));
  } else if (field === 3) payload.size = reader.readVarint();
  else if (field === 4) payload.index = reader.readVarint();
}

function readAccount(field, account, reader) {
  if (field === 1) account.secret = reader.readBytes();
  else if (field === 2) account.name = reader.readString();
  else if (field === 3) account.issuer = reader.readString();
  else if (field === 4) account.algorithm = reader.readVarint();
  else if (field === 5) account.digits = reader.readVarint();
  else if (field === 6) account.type = reader.readVarint();
  else if (field === 7) account.counter = reader.readVarint();
}

function uriOf({ secret: bytes, name, issuer, ...numbers }) {
  const algorithm = ALGORITHMS[numbers.algorithm];
  const digits = DIGITS[numbers.digits];
  const type = TYPES[numbers.type];
  if (!algorithm || !digits || !type || bytes.length === 0) return null;
  if (!Number.isSafeInteger(numbers.counter)) return null;
  const secret = Secret.fromBytes(bytes);
  const parameters = { secret: secret.exposeBase32(), algorithm, digits };
  secret.free();
  if (issuer) parameters.issuer = issuer;
  if (type === 'hotp') parameters.counter = numbers.counter;
  const query = Object.entries(parameters).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  // A name has its issuer before it as in a key URI.
  const label = name.split(':').map(encodeURIComponent).join(':');
  return `otpauth://${type}/${label}?${query.join('&')}`;
}
