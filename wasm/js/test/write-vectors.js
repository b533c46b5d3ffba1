// Writes the JSON files of a directory, which all languages share, as one
// module. Numbers that a double cannot represent become BigInts, which JSON
// does not have.
//
// node write-vectors.js <directory> <module>
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , directory, module] = process.argv;
const files = readdirSync(directory).filter((name) => name.endsWith('.json')).sort();
const texts = files.map((name) => {
  const text = readFileSync(join(directory, name), 'utf8').replace(/: (\d{16,})/g, ': $1n');
  return `  '${name}': ${text}`;
});
writeFileSync(module, `export default {\n${texts.join(',\n')},\n};\n`);
