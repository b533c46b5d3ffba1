// Takes the places in source files out of a module: names of files, and the
// locations that a panic gets with them. The panic handler of mpass-module reads
// none, but the compiler keeps them as data.

const DATA = 11;
const I32_CONST = 0x41;
/** Characters of names of files. Other texts may stand before a name. */
const NAMES = /[\w./-]+\.rs/g;
const ENDING = /\.rs/g;
/** Of a location: the address and the length of the name, line and column. */
const LOCATION = 16;

/** The segments of the data of a module: address, position and length. */
function segments(bytes) {
  let at = 8;
  const byte = () => bytes[at++];
  const leb = () => {
    let [value, shift, part] = [0, 0, 0];
    do {
      part = byte();
      value += (part & 127) * 2 ** shift;
      shift += 7;
    } while (part > 127);
    return value;
  };
  while (at < bytes.length) {
    const [id, length] = [byte(), leb()];
    if (id !== DATA) {
      at += length;
      continue;
    }
    return Array.from({ length: leb() }, () => {
      if (leb() !== 0 || byte() !== I32_CONST) throw new Error('not an active segment');
      const address = leb();
      at += 1; // The end of the expression.
      const size = leb();
      at += size;
      return { address, begin: at - size, size };
    });
  }
  return [];
}

/** The names of files in a text: their places, also where others stand directly before. */
function candidates(text) {
  return [...text.matchAll(NAMES)].flatMap(({ 0: run, index }) =>
    [...run.matchAll(ENDING)].flatMap((ending) => {
      const end = ending.index + ending[0].length;
      return Array.from({ length: ending.index }, (_, start) =>
        ({ at: index + start, size: end - start }));
    }));
}

/** A copy of a module with zeros in place of them. */
export function withoutLocations(module) {
  const bytes = Buffer.from(module);
  const data = segments(bytes);
  const names = data.flatMap(({ address, begin, size: length }) =>
    candidates(bytes.toString('latin1', begin, begin + length)).map(({ at, size }) =>
      ({ address: address + at, begin: begin + at, size })));
  for (const { address, begin, size } of names) {
    const location = Buffer.alloc(8);
    location.writeUInt32LE(address);
    location.writeUInt32LE(size, 4);
    let isName = false;
    for (const segment of data) {
      const end = segment.begin + segment.size;
      let found = bytes.indexOf(location, segment.begin);
      while (found >= 0 && found + LOCATION <= end) {
        isName = true;
        bytes.fill(0, found, found + LOCATION);
        found = bytes.indexOf(location, found);
      }
    }
    // What no location names is another text.
    if (isName) bytes.fill(0, begin, begin + size);
  }
  return bytes;
}
