// The module as a part of the script: nothing is loaded, and no bundler has to
// know of it.
import { frequent, text } from 'libmpass:module';
import { provide } from './crossing.js';
import { decode } from './letters.js';

provide(() => new WebAssembly.Module(decode(text, frequent)));
