// What no entry can do without.

/** Fails where there is no WebAssembly. The first call asks: importing an entry works. */
export function needWebAssembly() {
  if (typeof WebAssembly === 'undefined') {
    throw new Error('libmpass needs WebAssembly, which this JavaScript engine does not have');
  }
}
