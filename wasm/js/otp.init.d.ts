// The types of `libmpass/otp/init`.
import { ModuleSource } from './init.js';

export * from './otp.js';
/** Loads the module, `libmpass/otp.wasm`, before anything else is called. */
export function init(source: ModuleSource): Promise<void>;
