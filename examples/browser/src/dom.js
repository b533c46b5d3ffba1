// Elements of the page.
const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes, listeners (`onclick`) and children; absent ones are passed over. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const vector = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

/** A picture of the sprite in index.html. */
export function icon(name) {
  const svg = vector('svg', { class: `icon ${name}`, 'aria-hidden': 'true' });
  svg.append(vector('use', { href: `#${name}` }));
  return svg;
}

const RADIUS = 15;
const AROUND = 2 * Math.PI * RADIUS;

/** The countdown: a ring, with the seconds in it. `set` moves it. */
export function ring() {
  const svg = vector('svg', { viewBox: '0 0 36 36', 'aria-hidden': 'true' });
  const circle = (name) => vector('circle', { class: name, cx: 18, cy: 18, r: RADIUS });
  const hand = circle('hand');
  hand.setAttribute('stroke-dasharray', AROUND);
  svg.append(circle('track'), hand);
  const seconds = h('span', { 'aria-hidden': 'true' });
  const spoken = h('span', { class: 'spoken' });
  const element = h('div', { class: 'ring' }, svg, seconds, spoken);
  return {
    element,
    set(left, period, label) {
      hand.setAttribute('stroke-dashoffset', AROUND * (1 - left / period));
      seconds.textContent = left;
      spoken.textContent = label;
      element.classList.toggle('soon', left <= 5);
    },
  };
}

/** A code in groups of three or four, which a screen reader reads as digits. */
export function grouped(code) {
  const size = code.length % 4 === 0 ? 4 : 3;
  const groups = [];
  for (let end = code.length; end > 0; end -= size) {
    groups.unshift(code.slice(Math.max(0, end - size), end));
  }
  return groups.map((group) => h('span', {}, group));
}

let fields = 0;

/** A field with its label and an optional hint. */
export function field(label, input, hint) {
  fields += 1;
  input.id = `field-${fields}`;
  const note = hint && h('small', { id: `hint-${fields}` }, hint);
  if (note) input.setAttribute('aria-describedby', note.id);
  return h('div', { class: 'field' }, h('label', { for: input.id }, label), input, note);
}

/** A modal dialog, which is removed when it closes. */
export function dialog(text, title, ...content) {
  fields += 1;
  // The heading has the focus first, so that a screen reader begins with it.
  const heading = h('h2', { id: `title-${fields}`, tabindex: -1, autofocus: true }, title);
  const element = h('dialog', { 'aria-labelledby': heading.id },
    h('header', {}, heading,
      h('button', { class: 'quiet round', type: 'button', 'aria-label': text.close, onclick: () => element.close() },
        icon('close'))),
    h('div', { class: 'content' }, ...content),
    status());
  element.addEventListener('close', () => element.remove());
  // A press beside the dialog closes it.
  element.addEventListener('pointerdown', (event) => {
    if (event.target === element) element.close();
  });
  document.body.append(element);
  element.showModal();
  return element;
}

/** Where something is said to screen readers, too. */
export const status = () => h('p', { class: 'toast', role: 'status' });

let fading;

/** Says something for a few seconds: in the open dialog, because its outside is inert. */
export function say(message) {
  const place = [...document.querySelectorAll('dialog[open] > .toast')].at(-1)
    ?? document.querySelector('body > .toast');
  place.textContent = message;
  clearTimeout(fading);
  fading = setTimeout(() => { place.textContent = ''; }, 4000);
}

export async function copy(value, text) {
  await navigator.clipboard.writeText(value).then(() => say(text.copied), () => say(text.notCopied));
}
