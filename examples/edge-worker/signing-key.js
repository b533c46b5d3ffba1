// Writes a new key for RS256 to the file mpass.signing-keys, unless there is one.
import { writeFileSync } from 'node:fs';
import { generateSigningKeys } from './signing-keys.js';

writeFileSync('mpass.signing-keys', await generateSigningKeys(), { mode: 0o600, flag: 'wx' });
