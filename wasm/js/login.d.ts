// The types of `libmpass/login`: those of the whole package.
export * from './index.js';
