// In place of `refused.js` in entries without settings.
export { textOf as refusedSetting } from '../errors.js';
