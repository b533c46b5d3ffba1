// Base64url without padding (RFC 7515 section 2).
import { text } from './check.js';

export function fromBase64Url(value, what) {
  const base64 = text(value, what).replaceAll('-', '+').replaceAll('_', '/');
  let binary;
  try {
    binary = atob(base64);
  } catch {
    throw new TypeError(`${what} is not base64url`);
  }
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

export function toBase64Url(bytes) {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
