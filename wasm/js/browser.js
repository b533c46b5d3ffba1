// libmpass on a web page: the module is compiled while it arrives.
import init from './glue/mpass.js';

await init({ module_or_path: new URL('./glue/mpass_bg.wasm', import.meta.url) });

export * from './api.js';
