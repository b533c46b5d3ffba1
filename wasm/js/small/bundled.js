// Node.js from a bundler, which may leave files behind.
import { webcrypto } from 'node:crypto';
import './inline.js';

globalThis.crypto ??= webcrypto;
