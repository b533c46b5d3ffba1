// Written by `cargo xtask lists`; do not edit.

/** `[number, name, text]`, in the order of the numbers. */
export const ERRORS = Object.freeze([
  [101, 'SecretEmpty', 'the secret is empty'],
  [102, 'SecretTooShort', 'the secret has fewer than 128 bits'],
  [103, 'SecretTooLong', 'the secret is longer than 1024 bytes'],
  [104, 'InvalidBase32', 'the secret is not base32'],
  [105, 'InvalidHex', 'the text is not hexadecimal'],
  [106, 'InvalidDigits', 'codes have 4 to 10 digits'],
  [107, 'InvalidStep', 'the time step is at least one second'],
  [108, 'InvalidAlgorithm', 'the algorithm is SHA1, SHA256 or SHA512'],
  [109, 'WindowTooLarge', 'the window is larger than 100000 codes'],
  [110, 'TimeOutOfRange', 'the time has no time step'],
  [111, 'ResyncCodes', 'resynchronisation takes two or three codes'],
  [120, 'InvalidSuite', 'the OCRA suite is not valid'],
  [121, 'InvalidQuestion', 'the question does not fit the OCRA suite'],
  [122, 'MissingInput', 'an input that the OCRA suite names is missing'],
  [123, 'UnexpectedInput', 'an input is given that the OCRA suite does not name'],
  [124, 'SessionTooLong', 'the session information is longer than the OCRA suite says'],
  [125, 'SuiteAlgorithm', 'the key is prepared for another hash than the OCRA suite names'],
  [126, 'PinHashLength', 'the hash of the PIN is not as long as the OCRA suite\'s hash'],
  [130, 'InvalidUri', 'the key URI is not valid'],
  [131, 'UriWithoutSecret', 'the key URI has no secret'],
  [132, 'UriWithoutCounter', 'the key URI is for hotp and has no counter'],
  [133, 'UriIssuerMismatch', 'the key URI names two issuers'],
  [134, 'InvalidLabel', 'the label is empty or has a colon in its parts'],
  [135, 'UriRepeatedParameter', 'the key URI gives a parameter twice'],
  [201, 'NumberEmpty', 'the phone number is empty'],
  [202, 'NumberCharacter', 'the phone number has a character that is not a digit'],
  [203, 'NumberTooShort', 'the phone number has fewer than 5 digits'],
  [204, 'NumberTooLong', 'the phone number has more than 15 digits'],
  [205, 'UnknownCallingCode', 'the phone number begins with no assigned country code'],
  [206, 'NationalPrefix', 'the phone number has a trunk prefix after its country code'],
  [207, 'CountryMissing', 'the phone number is national and no country is known'],
  [301, 'InvalidLifetime', 'the lifetime is outside its range: 20 seconds to 24 hours, at most 5 minutes for a customer or a token with a number'],
  [302, 'InvalidTries', 'the tries are between 1 and 100'],
  [303, 'InvalidLimit', 'the limit is not valid'],
  [304, 'PolicyTooWeak', 'the policy is below six digits or beyond ten minutes and does not allow it explicitly'],
  [305, 'InvalidCallingCode', 'the calling code is not valid'],
  [306, 'UnknownSetting', 'the settings have no such field'],
  [307, 'InvalidSetting', 'the value is not of the field\'s type'],
  [310, 'InvalidKeyring', 'the keyring is not valid'],
  [311, 'KeyringFull', 'the keyring holds no more record keys'],
  [312, 'UnknownRecordKey', 'the keyring holds no record key of that id'],
  [313, 'DuplicateRecordKey', 'the keyring holds a record key of that id'],
  [401, 'RecordFormat', 'the record is not of a known format'],
  [402, 'RecordForged', 'the record is not authentic'],
  [403, 'StoreFailed', 'the store failed'],
  [404, 'StoreFull', 'the store is full'],
  [405, 'TooManyConflicts', 'the record changed too often'],
  [406, 'StoreUnknown', 'the store did not say whether it stored'],
  [501, 'InvalidName', 'the name is not valid'],
  [502, 'InvalidAddress', 'the address is not an IP address or network'],
  [503, 'InvalidApp', 'the application identifier is not valid'],
  [504, 'InvalidTemplate', 'the message template is not valid'],
  [505, 'InvalidHost', 'the host name is not valid'],
  [506, 'TenantTooLarge', 'the tenant does not fit in its record'],
  [507, 'InvalidCredential', 'the credential is not valid'],
  [508, 'NameTaken', 'the name is taken'],
  [509, 'InvalidIssuer', 'the issuer is not a base URL'],
  [510, 'InvalidRedirectUri', 'the redirect URI is not valid'],
  [511, 'InvalidPublicKey', 'the public key is not valid'],
  [512, 'UnknownScope', 'the scope is not known'],
].map(Object.freeze));

// What a value is; a store keeps the two kinds apart.
export const KINDS = Object.freeze({
  state: 1,
  tenant: 2,
});

// How often an access token of Number Verification serves.
export const TOKEN_USES = Object.freeze({
  once: 1,
  within_life: 2,
});

// The kinds of assessments, as C, Java and JavaScript number and name them.
export const ASSESSMENTS = Object.freeze({
  unsupported: 0,
  valid: 1,
  invalid: 2,
  notAllowed: 3,
  blocked: 4,
  foreign: 5,
});
