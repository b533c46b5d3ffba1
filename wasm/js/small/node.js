// Node.js, where the module is a file.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { provide } from './crossing.js';

// Node 18 has the Web Crypto API without its global name. Where it has the name,
// the first use of it loads it.
if (!('crypto' in globalThis)) {
  globalThis.crypto = createRequire(import.meta.url)('node:crypto').webcrypto;
}

// The build defines the path.
provide(() => new WebAssembly.Module(readFileSync(new URL(MODULE_FILE, import.meta.url))));
