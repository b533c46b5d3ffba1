// What the runners without one of their own print.
export function show(runtime, results) {
  const failed = results.filter(({ passed }) => !passed);
  for (const { name, message } of failed) console.error(`${name}\n${message}`);
  const vectors = results.filter(({ name }) => name.startsWith('vectors '));
  const count = vectors.reduce((sum, { count }) => sum + (count ?? 0), 0);
  const passed = results.length - failed.length;
  console.log(`${runtime}: ${passed} passed, ${failed.length} failed; ${count} vectors`);
  if (failed.length > 0 || results.length === 0) process.exitCode = 1;
}
