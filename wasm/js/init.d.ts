// What an `init` takes, without the types of the DOM.

/** A response of `fetch`. */
export interface ModuleResponse {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The module as bytes, as a response, as a compiled `WebAssembly.Module`, or as a
 * promise of one of them.
 */
export type ModuleSource =
  | ArrayBuffer
  | Uint8Array
  | ModuleResponse
  | object
  | Promise<ArrayBuffer | Uint8Array | ModuleResponse | object>;
