// The types of `libmpass/login/init`.
import { ModuleSource } from './init.js';

export * from './login.js';
/** Loads the module, `libmpass/login.wasm`, before anything else is called. */
export function init(source: ModuleSource): Promise<void>;
