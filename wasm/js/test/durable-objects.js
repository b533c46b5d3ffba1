// Runs the cases that have a store in workerd, with Durable Objects as the store.
import { show } from './show.js';
import {
  caseModules, diskService, version, withDirectory, withWorkerd,
} from './workerd-run.js';

const worker = `
  modules = [${caseModules('main.js', 'edge/cases.js')}],
  compatibilityDate = "2026-01-01",
  durableObjectNamespaces = [
    (className = "KeptShard", uniqueKey = "cases", enableSql = true),
    (className = "FullShard", uniqueKey = "full", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "STORE", durableObjectNamespace = "KeptShard"),
    (name = "FULL", durableObjectNamespace = "FullShard")],
`;
await withDirectory((directory) => withWorkerd(worker, [diskService(directory)], async (base) => {
  const response = await fetch(base);
  const text = await response.text();
  const results = response.ok ? JSON.parse(text) : [{ name: 'worker', passed: false, message: text }];
  show(`libmpass/durable-objects in workerd ${version}`, results);
}));
