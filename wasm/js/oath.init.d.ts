// The types of `libmpass/oath/init`.
import { ModuleSource } from './init.js';

export * from './oath.js';
/** Loads the module, `libmpass/oath.wasm`, before anything else is called. */
export function init(source: ModuleSource): Promise<void>;
