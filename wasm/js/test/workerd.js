// Runs all cases in workerd.
import { show } from './show.js';
import { esm, files, packageModules, version, withWorkerd } from './workerd-run.js';

const modules = [
  esm('worker.js', 'worker.js'),
  esm('vectors.js', 'vectors.js'),
  ...files('cases', '.js').map((path) => esm(path, path)),
  ...packageModules(),
];
const worker = `
  modules = [${modules.join(',\n    ')}],
  compatibilityDate = "2026-01-01",
`;
await withWorkerd(worker, [], async (base) => {
  const response = await fetch(`${base}/report`);
  const text = await response.text();
  const results = response.ok ? JSON.parse(text) : [{ name: 'worker', passed: false, message: text }];
  show(`workerd ${version}`, results);
});
