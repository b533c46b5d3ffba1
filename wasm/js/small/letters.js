// A module as text: a frequent byte is one character, another one two, of which
// the first is one of the first two letters. gzip compresses it to the size of
// the bytes, where base64 takes a third more.

/** Printable ASCII that no string of JavaScript escapes. */
const NOT_LETTERS = '"$\'\\`';
const LETTERS = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))
  .filter((letter) => !NOT_LETTERS.includes(letter));
const PAIRS = 2;

/** How many values of bytes are one character. */
export const SINGLES = LETTERS.length - PAIRS;

/** All values of bytes, the frequent ones first. */
const ordered = (frequent) => [...new Set([...frequent, ...Array(256).keys()])];

/** The text of bytes, of which `frequent` has the values that are one character. */
export function encode(bytes, frequent) {
  const spelled = [];
  ordered(frequent).forEach((byte, at) => {
    const pair = at - SINGLES;
    const begin = Math.floor(pair / LETTERS.length);
    spelled[byte] = pair < 0
      ? LETTERS[PAIRS + at]
      : LETTERS[begin] + LETTERS[pair % LETTERS.length];
  });
  return Array.from(bytes, (byte) => spelled[byte]).join('');
}

/** The bytes of such a text. */
export function decode(text, frequent) {
  const order = ordered(frequent);
  const places = new Uint8Array(127);
  LETTERS.forEach((letter, at) => { places[letter.charCodeAt(0)] = at; });
  const bytes = new Uint8Array(text.length);
  let end = 0;
  for (let at = 0; at < text.length; at += 1) {
    let place = places[text.charCodeAt(at)];
    if (place < PAIRS) {
      at += 1;
      place = SINGLES + PAIRS + place * LETTERS.length + places[text.charCodeAt(at)];
    }
    bytes[end] = order[place - PAIRS];
    end += 1;
  }
  return bytes.subarray(0, end);
}
