// A module as text: a frequent byte is one character, another one two, of which
// the first is one of the first two letters. gzip compresses it to the size of
// the bytes, where base64 takes a third more.

/** Printable ASCII that no string of JavaScript escapes. */
const NOT_LETTERS = '"$\'\\`';
const LETTERS = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))
  .filter((letter) => !NOT_LETTERS.includes(letter));
const PAIRS = 2;
const SINGLES = LETTERS.length - PAIRS;

/** The text of bytes, of which `order` has every value, the most frequent first. */
export function encode(bytes, order) {
  const spelled = [];
  order.forEach((byte, at) => {
    const pair = at - SINGLES;
    const begin = Math.floor(pair / LETTERS.length);
    spelled[byte] = pair < 0
      ? LETTERS[PAIRS + at]
      : LETTERS[begin] + LETTERS[pair % LETTERS.length];
  });
  return Array.from(bytes, (byte) => spelled[byte]).join('');
}

/** The bytes of such a text. */
export function decode(text, order) {
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
