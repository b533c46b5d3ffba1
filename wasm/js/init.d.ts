// What an `init` takes, without the types of the DOM.

/** A response of `fetch`. */
export interface ModuleResponse {
  /** Where it is `false`, `init` rejects: an error page is not a module. */
  readonly ok?: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The module as bytes, as a response, as a compiled `WebAssembly.Module`, or as a
 * promise of one of them. `init` rejects with a `TypeError` for anything else, and for
 * the module of another entry; it may be called again.
 */
export type ModuleSource =
  | ArrayBuffer
  | Uint8Array
  | ModuleResponse
  | object
  | Promise<ArrayBuffer | Uint8Array | ModuleResponse | object>;
