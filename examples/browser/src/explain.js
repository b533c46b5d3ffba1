// Errors in the language of the page. The engine's own texts are English.
export function explain(error, text) {
  const known = text.errors[error.name];
  if (known) return known;
  if (error instanceof DOMException) return text.notKept;
  if (text.failure) return `${text.failure} (${error.name})`;
  const { message } = error;
  return `${message[0].toUpperCase()}${message.slice(1)}.`;
}
