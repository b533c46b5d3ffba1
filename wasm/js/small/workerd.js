// workerd, where modules of WebAssembly are imported compiled.
import module from 'libmpass:module';
import { provide } from './crossing.js';

provide(() => module);
