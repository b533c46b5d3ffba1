// Runs all cases in Chromium, on a page that loads the installed package.
import { browser, withPage } from './page.js';
import { show } from './show.js';

const HEAD = `<script type="importmap" nonce="map">
{ "imports": { "libmpass": "/node_modules/libmpass/login/inline.js" } }
</script>
<script type="module" src="/page-script.js"></script>`;
const SCRIPT = `
import * as mpass from 'libmpass';
import { report } from './cases/index.js';
import vectors from './vectors.js';
globalThis.results = await report(mpass, vectors);
`;

const results = await withPage({ '/page-script.js': ['js', SCRIPT] }, HEAD);
show(`Chromium ${browser}`.trim(), results);
