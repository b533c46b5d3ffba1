/**
 * Bytes that the package returns: `Uint8Array<ArrayBuffer>`, which `Response`, `Blob` and
 * the Web Cryptography API take, and before TypeScript 5.7 `Uint8Array`.
 */
export type Bytes = ReturnType<Uint8ArrayConstructor['of']>;
