// The types of `libmpass/challenge/init`.
import { ModuleSource } from './init.js';

export * from './challenge.js';
/** Loads the module, `libmpass/challenge.wasm`, before anything else is called. */
export function init(source: ModuleSource): Promise<void>;
