// The errors of key URIs that `lists.js` does not have: none here. In the small entries,
// programs without key URIs do without their texts.
export const URI_ERRORS = [];
