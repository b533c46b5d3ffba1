// `init` in Node.js, of which version 18 has no global name for the Web Crypto API.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
