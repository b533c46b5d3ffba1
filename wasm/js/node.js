// libmpass in Node.js.
import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { initSync } from './glue/mpass.js';

// Node 18 has the Web Crypto API without its global name.
globalThis.crypto ??= webcrypto;

initSync({ module: readFileSync(new URL('./glue/mpass_bg.wasm', import.meta.url)) });

export * from './api.js';
