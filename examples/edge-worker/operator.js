// The operator's systems: its SMS gateway, and what its network knows.
import { PhoneNumber } from 'libmpass/login';

// An exchange ends after 10 seconds.
const PATIENCE_MS = 5000;

async function ask(url, token, init) {
  const headers = { 'Content-Type': 'application/json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return fetch(url, { ...init, headers, signal, redirect: 'manual' });
}

/** Hands a message to the gateway. An error means that it may have been sent. */
export async function deliver(env, { to, text, sender }) {
  const { ok, status } = await ask(env.GATEWAY_URL, env.GATEWAY_TOKEN, {
    method: 'POST',
    body: JSON.stringify({ to, text, sender }),
  });
  if (ok) return 'delivered';
  return status >= 400 && status < 500 ? 'refused' : 'unknown';
}

/** What the network knows of something; `undefined` for nothing. */
async function look(env, path, value) {
  const url = `${env.OPERATOR_URL}/${path}/${encodeURIComponent(value)}`;
  const response = await ask(url, env.OPERATOR_TOKEN, { method: 'GET' });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`the operator answered ${response.status}`);
  return response.json();
}

/** Whether a number can be sent to: `{ mobile }`, `blocked` or `foreign`. */
export const assess = (env, number) => look(env, 'numbers', number);

/** The number that uses an address. */
export async function resolve(env, address) {
  const device = await look(env, 'devices', address);
  return device === undefined ? null : PhoneNumber.parse(device.phoneNumber);
}
