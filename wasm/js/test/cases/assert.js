// A few assertions that work in every runtime.
const shown = (value) =>
  JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part));

export function ok(holds, message) {
  if (!holds) throw new Error(message ?? 'does not hold');
}

export function equal(actual, expected, message = '') {
  const [left, right] = [shown(actual), shown(expected)];
  if (left !== right) throw new Error(`${message}: ${left} is not ${right}`);
}

/** Asserts that what is read becomes `expected` within 10 s: a page may still be drawing. */
export async function eventually(read, expected, message = '') {
  for (let tries = 0; tries < 100; tries += 1) {
    if (shown(await read()) === shown(expected)) return;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  equal(await read(), expected, message);
}

/** Asserts that a call throws an error with this name, and returns the error. */
export function throws(call, name, message = '') {
  let returned;
  try {
    returned = call();
  } catch (error) {
    if (error.name === name) return error;
    throw new Error(`${message}: ${error.name} (${error.message}), not ${name}`);
  }
  throw new Error(`${message}: returned ${shown(returned)} in place of ${name}`);
}

/** The same for a promise. */
export async function rejects(promise, name, message = '') {
  const outcome = await promise.then(() => null, (error) => error);
  throws(() => { if (outcome) throw outcome; }, name, message);
  return outcome;
}
