// Every case in Node, on the installed package.
import test from 'node:test';
import * as mpass from 'libmpass';
import { cases } from './cases/index.js';
import vectors from './vectors.js';

for (const [name, run] of Object.entries(cases(mpass, vectors))) test(name, run);
