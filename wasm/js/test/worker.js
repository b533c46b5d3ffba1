// Runs all cases in workerd within one request, because there is no entropy before.
import * as mpass from 'libmpass';
import { report } from './cases/index.js';
import vectors from './vectors.js';

export default {
  async fetch() {
    return Response.json(await report(mpass, vectors));
  },
};
