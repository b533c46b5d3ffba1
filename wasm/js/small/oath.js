// What `libmpass/oath` exports.
export * from './otp.js';
export { Ocra } from '../ocra.js';
