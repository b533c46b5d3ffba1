// Every case in workerd, within one request: entropy is not to be had before.
import * as mpass from 'libmpass';
import { report } from './cases/index.js';
import vectors from './vectors.js';

export default {
  async fetch() {
    return Response.json(await report(mpass, vectors));
  },
};
