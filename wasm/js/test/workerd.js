// Runs all cases in workerd.
import { show } from './show.js';
import { caseModules, version, withWorkerd } from './workerd-run.js';

const worker = `
  modules = [${caseModules('worker.js', 'worker.js')}],
  compatibilityDate = "2026-01-01",
`;
await withWorkerd(worker, [], async (base) => {
  const response = await fetch(`${base}/report`);
  const text = await response.text();
  const results = response.ok ? JSON.parse(text) : [{ name: 'worker', passed: false, message: text }];
  show(`workerd ${version}`, results);
});
