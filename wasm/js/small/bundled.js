// Node.js without the file of the module, for bundlers that leave files behind.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
