// The types of `libmpass/init`.
import { ModuleSource } from './init.js';

export * from './index.js';
/** Loads the module, `libmpass/mpass.wasm`, before anything else is called. */
export function init(source: ModuleSource): Promise<void>;
