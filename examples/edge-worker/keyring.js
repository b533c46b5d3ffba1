// Writes a new keyring to the file mpass.keyring, unless there is one.
import { writeFileSync } from 'node:fs';
import { Keyring } from 'libmpass';

writeFileSync('mpass.keyring', Keyring.generate().expose(), { mode: 0o600, flag: 'wx' });
