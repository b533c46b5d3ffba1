// Bytes of the programs with gzip: script and module together. Prints a table.
import { gzipSync } from 'node:zlib';
import { LIBRARIES, TASKS, bundled, moduleOf, program } from './programs.js';

const packed = (bytes) => (bytes.length > 0 ? gzipSync(bytes, { level: 9 }).length : 0);

/** The bytes of a task with a library, or `null`. */
export async function size(library, task) {
  const code = program(library, task);
  return code && packed(await bundled(code)) + packed(moduleOf(library));
}

if (process.argv[1].endsWith('sizes.js')) {
  console.log(`| with gzip | ${LIBRARIES.map(({ name }) => name).join(' | ')} |`);
  console.log(`|---|${LIBRARIES.map(() => '---|').join('')}`);
  for (const [task, name] of TASKS.entries()) {
    const row = [];
    for (const library of LIBRARIES) {
      const bytes = await size(library, task);
      row.push(bytes ? bytes.toLocaleString('en') : 'none');
    }
    console.log(`| ${name} | ${row.join(' | ')} |`);
  }
}
