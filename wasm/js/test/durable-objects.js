// Runs the cases that have a store in workerd, with Durable Objects as the store.
import { show } from './show.js';
import {
  diskService, esm, files, packageModules, version, withDirectory, withWorkerd,
} from './workerd-run.js';

const modules = [
  esm('main.js', 'edge/cases.js'),
  esm('vectors.js', 'vectors.js'),
  ...files('cases', '.js').map((path) => esm(path, path)),
  ...packageModules(),
];
const worker = `
  modules = [${modules.join(',\n    ')}],
  compatibilityDate = "2026-01-01",
  durableObjectNamespaces = [
    (className = "KeptShard", uniqueKey = "cases", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [(name = "STORE", durableObjectNamespace = "KeptShard")],
`;
await withDirectory((directory) => withWorkerd(worker, [diskService(directory)], async (base) => {
  const response = await fetch(base);
  const text = await response.text();
  const results = response.ok ? JSON.parse(text) : [{ name: 'worker', passed: false, message: text }];
  show(`libmpass/durable-objects in workerd ${version}`, results);
}));
