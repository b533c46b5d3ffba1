// Written by `cargo xtask lists`; do not edit.

/** `[number, name, text]`, in the order of the numbers. */
export const ERRORS = Object.freeze([
  [101, 'SecretEmpty', 'the secret is empty'],
  [102, 'SecretTooShort', 'the secret has fewer than 128 bits'],
  [103, 'SecretTooLong', 'the secret is longer than 1024 bytes'],
  [104, 'InvalidBase32', 'the secret is not valid base32'],
  [105, 'InvalidHex', 'the text is not valid hexadecimal'],
  [106, 'InvalidDigits', 'the number of digits must be 4 to 10'],
  [107, 'InvalidStep', 'the time step must be at least one second'],
  [108, 'InvalidAlgorithm', 'the algorithm must be SHA1, SHA256 or SHA512'],
  [109, 'WindowTooLarge', 'the window is larger than 100000 codes'],
  [110, 'TimeOutOfRange', 'the time is outside the range of time steps'],
  [111, 'ResyncCodes', 'resynchronisation requires two or three codes'],
  [120, 'InvalidSuite', 'the OCRA suite is not valid'],
  [121, 'InvalidQuestion', 'the question does not fit the OCRA suite'],
  [122, 'MissingInput', 'an input required by the OCRA suite is missing'],
  [123, 'UnexpectedInput', 'an input was given that the OCRA suite does not use'],
  [124, 'SessionTooLong', 'the session information is longer than the OCRA suite allows'],
  [125, 'SuiteAlgorithm', 'the key is prepared for a different hash than the OCRA suite uses'],
  [126, 'PinHashLength', 'the PIN hash does not have the length that the OCRA suite requires'],
  [130, 'InvalidUri', 'the key URI is not valid'],
  [131, 'UriWithoutSecret', 'the key URI has no secret'],
  [132, 'UriWithoutCounter', 'the hotp key URI has no counter'],
  [133, 'UriIssuerMismatch', 'the label and the issuer parameter of the key URI differ'],
  [134, 'InvalidLabel', 'the issuer or account is empty or contains a character that a label cannot hold'],
  [135, 'UriRepeatedParameter', 'the key URI repeats a parameter'],
  [201, 'NumberEmpty', 'the phone number is empty'],
  [202, 'NumberCharacter', 'the phone number contains a character that is not a digit'],
  [203, 'NumberTooShort', 'the phone number has fewer than 5 digits'],
  [204, 'NumberTooLong', 'the phone number has more than 15 digits'],
  [205, 'UnknownCallingCode', 'the phone number does not begin with an assigned country code'],
  [206, 'NationalPrefix', 'the phone number has a trunk prefix after its country code'],
  [207, 'CountryMissing', 'the phone number is in national form and no country was given'],
  [301, 'InvalidLifetime', 'the lifetime is out of range: 20 seconds to 24 hours, at most 5 minutes for a customer or a token with a number'],
  [302, 'InvalidTries', 'the number of tries must be 1 to 100'],
  [303, 'InvalidLimit', 'the limit is out of range'],
  [304, 'PolicyTooWeak', 'the policy has fewer than six digits or a lifetime above ten minutes and does not allow it explicitly'],
  [305, 'InvalidCallingCode', 'the calling code is not assigned, or there are too many calling codes'],
  [306, 'UnknownSetting', 'the settings have no such field'],
  [307, 'InvalidSetting', 'the value is not of the field\'s type'],
  [310, 'InvalidKeyring', 'the keyring is not valid'],
  [311, 'KeyringFull', 'the keyring is full'],
  [312, 'UnknownRecordKey', 'the keyring has no record key with that id'],
  [313, 'DuplicateRecordKey', 'the keyring already has a record key with that id'],
  [401, 'RecordFormat', 'the record has an unknown format'],
  [402, 'RecordForged', 'the record is not authentic'],
  [403, 'StoreFailed', 'the store failed'],
  [404, 'StoreFull', 'the store is full'],
  [405, 'TooManyConflicts', 'the record changed too often'],
  [406, 'StoreUnknown', 'it is unknown whether the store wrote the value'],
  [501, 'InvalidName', 'the name is not valid'],
  [502, 'InvalidAddress', 'the address is not an IP address or network'],
  [503, 'InvalidApp', 'the application identifier is not valid'],
  [504, 'InvalidTemplate', 'the message template is not valid'],
  [505, 'InvalidHost', 'the host name is not valid'],
  [506, 'TenantTooLarge', 'the tenant is larger than 4096 bytes'],
  [507, 'InvalidCredential', 'the credential is not valid'],
  [508, 'NameTaken', 'the name is taken'],
  [509, 'InvalidIssuer', 'the issuer is not a base URL'],
  [510, 'InvalidRedirectUri', 'the redirect URI is not valid'],
  [511, 'InvalidPublicKey', 'the public key is not valid'],
  [512, 'UnknownScope', 'the scope is unknown'],
].map(Object.freeze));

// The kind of a value. A store keeps the two kinds separate.
export const KINDS = Object.freeze({
  state: 1,
  tenant: 2,
});

// How often an access token of Number Verification can be used.
export const TOKEN_USES = Object.freeze({
  once: 1,
  within_life: 2,
});

// The kind of an assessment. C, Java and JavaScript use the same numbers and names.
export const ASSESSMENTS = Object.freeze({
  unsupported: 0,
  valid: 1,
  invalid: 2,
  notAllowed: 3,
  blocked: 4,
  foreign: 5,
});
