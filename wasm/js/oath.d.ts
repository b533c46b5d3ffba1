// The types of `libmpass/oath`: those of the whole package.
export * from './otp.js';
export { Ocra } from './index.js';
export type { OcraInputs, Tolerance } from './index.js';
