// libmpass in workerd, where modules of WebAssembly are imported compiled.
import module from './glue/mpass_bg.wasm';
import { initSync } from './glue/mpass.js';

initSync({ module });

export * from './api.js';
