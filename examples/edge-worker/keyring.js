// Prints a new keyring.
import { Keyring } from 'libmpass';

console.log(Keyring.generate().expose());
