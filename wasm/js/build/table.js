// The entries of the package: what each is made of, and how it is exported.

/** The range of the errors of key URIs. */
export const OF_URIS = [130, 159];

/**
 * An entry: the path that it is imported by, the module of sources that it exports,
 * and its types.
 *
 * - `isBound`: its module has the glue of wasm-bindgen; the others are called by
 *   `small/crossing.js`.
 * - `errors`: ranges of the errors that it can have beside those of key URIs, in place of
 *   all lists.
 * - `groups`: the groups of settings that it has, in place of all.
 */
export const ENTRIES = {
  otp: {
    path: './otp',
    source: './small/otp.js',
    types: 'otp',
    // Of secrets and codes, of entropy.
    errors: [[101, 112], [115, 119], [409, 409]],
    groups: [],
  },
  oath: {
    path: './oath',
    source: './small/oath.js',
    types: 'oath',
    errors: [[101, 112], [115, 129], [409, 409]],
    groups: [],
  },
  challenge: {
    path: './challenge',
    source: './small/challenge.js',
    types: 'challenge',
    errors: [[101, 129], [160, 499]],
    groups: ['policy', 'token'],
  },
  mpass: { path: '.', source: './api.js', types: 'index', isBound: true },
  login: { path: './login', source: './api.js', types: 'login', isBound: true, hasLogin: true },
};

/** The files of an entry: how they get the module, and the formats. */
export const LOADERS = {
  bundled: ['esm', 'cjs'],
  edge: ['esm'],
  init: ['esm', 'cjs'],
  'init-node': ['esm', 'cjs'],
  inline: ['esm', 'cjs'],
  node: ['esm', 'cjs'],
  workerd: ['esm'],
};

/** The `exports` of an entry in the package's manifest. */
export function exportsOf(name) {
  const { path, types } = ENTRIES[name];
  const esm = (loader, typed = types) =>
    ({ types: `./${typed}.d.ts`, default: `./${name}/${loader}.js` });
  const both = (loader, typed = types) => ({
    import: esm(loader, typed),
    require: { types: `./cjs/${typed}.d.ts`, default: `./cjs/${name}/${loader}.js` },
  });
  // Neither runtime compiles a module.
  const edge = { workerd: esm('workerd'), 'edge-light': esm('edge') };
  return {
    [path]: {
      ...edge,
      node: { module: esm('bundled'), ...both('node') },
      ...both('inline'),
    },
    [`${path}/inline`]: { ...edge, node: both('bundled'), ...both('inline') },
    [`${path}/init`]: {
      node: both('init-node', `${types}.init`),
      ...both('init', `${types}.init`),
    },
    [`./${name}.wasm`]: `./${name}/${name}.wasm`,
  };
}

/** The stores over a client of the host, which need no module. */
export const STORES = ['postgres', 'redis'];

/** The `exports` of a store in the package's manifest. */
export function exportsOfStore(name) {
  const path = `./stores/${name}`;
  const at = (directory) => ({
    types: `${directory}/stores/${name}.d.ts`, default: `${directory}/stores/${name}.js`,
  });
  return { [path]: { import: at('.'), require: at('./cjs') } };
}
