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
  [134, 'InvalidLabel', 'the issuer or account is empty or contains a character that a label cannot hold'],
  [135, 'UriRepeatedParameter', 'the key URI gives a parameter two values'],
  [136, 'InvalidPeriod', 'the period must be a whole number of seconds from 1 to 2^63 - 1'],
  [137, 'InvalidCounter', 'the counter of the key URI must be a whole number from 0 to 2^64 - 1'],
  [138, 'UriEncoder', 'the key URI has the parameter encoder, whose codes are not supported'],
  [139, 'UriPin', 'the key URI has a parameter for a PIN, which is not supported'],
  [140, 'UriTimeOrigin', 'the key URI moves the start of time steps (t0, epoch, offset), which is not supported'],
  [141, 'UriParameterChangesCode', 'the key URI has a parameter that changes the codes and is not supported'],
  [142, 'UriNotStrict', 'the key URI allows several readings or departs from the format'],
  [143, 'UriSeparator', 'the parameters of the key URI are not separated by &'],
  [144, 'UriType', 'the type of the key URI must be totp or hotp'],
  [201, 'NumberEmpty', 'the phone number is empty'],
  [202, 'NumberCharacter', 'the phone number contains a character that is not a digit'],
  [203, 'NumberTooShort', 'the phone number has fewer than 5 digits'],
  [204, 'NumberTooLong', 'the phone number has more than 15 digits'],
  [205, 'UnknownCallingCode', 'the phone number does not begin with an assigned country code'],
  [206, 'NationalPrefix', 'the phone number has a trunk prefix after its country code'],
  [207, 'CountryMissing', 'the phone number is in national form and no country was given'],
  [208, 'InvalidSubject', 'the subject is not valid'],
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
  [314, 'KeyringChecksum', 'the checksum of the keyring does not fit: the text was changed'],
  [401, 'RecordFormat', 'the record has an unknown format'],
  [402, 'RecordForged', 'the record is not authentic'],
  [403, 'StoreFailed', 'the store failed'],
  [404, 'StoreFull', 'the store is full'],
  [405, 'TooManyConflicts', 'the record changed too often'],
  [406, 'StoreUnknown', 'it is unknown whether the store wrote the value'],
  [407, 'StoreExpired', 'the value expires before values that the store has already dropped'],
  [408, 'OperationTooOld', 'the operation took longer than 10 seconds'],
  [409, 'EntropyFailed', 'the random source failed'],
  [410, 'Changed', 'the value has changed since it was read'],
  [420, 'OtherKeyring', 'the store belongs to another keyring'],
  [421, 'OtherRecordKey', 'a record key differs from the store\'s record key with the same id'],
  [422, 'StoreNotInitialized', 'the store has no header: it is not initialized'],
  [423, 'StoreMoved', 'the contents of the store were moved to another store'],
  [424, 'StoreTooNew', 'the store was written by a newer version'],
  [425, 'StoreClosed', 'the store was restored and is closed until an administrator confirms its tenants'],
  [426, 'RecordMissing', 'a record that must exist is missing'],
  [501, 'InvalidName', 'the name is not valid'],
  [502, 'InvalidAddress', 'the address is not an IP address or network'],
  [503, 'InvalidApp', 'the application identifier is not valid'],
  [504, 'InvalidTemplate', 'the message template is not valid'],
  [505, 'InvalidHost', 'the host name is not valid'],
  [506, 'TenantTooLarge', 'the tenant is larger than 16384 bytes'],
  [507, 'InvalidCredential', 'the credential is not valid'],
  [508, 'NameTaken', 'the name is taken'],
  [509, 'InvalidIssuer', 'the issuer is not a base URL'],
  [510, 'InvalidRedirectUri', 'the redirect URI is not valid'],
  [511, 'InvalidPublicKey', 'the public key is not valid'],
  [512, 'UnknownScope', 'the scope is unknown'],
  [513, 'TenantMissing', 'there is no channel, customer or client with this name'],
  [514, 'TenantRevoked', 'the channel, customer or client is revoked'],
  [515, 'NumberMissing', 'there is no record of this number'],
  [516, 'NameFixed', 'the name cannot be changed'],
  [517, 'InvalidOverlap', 'the overlap must not be longer than 31 days'],
  [518, 'InvalidLanguageTag', 'the language tag is not valid'],
  [519, 'InvalidAppHash', 'the Android app hash is not valid'],
  [520, 'MessageTooLong', 'the message with the Android app hash would be longer than 140 bytes'],
].map(Object.freeze));

// The verdict on an attempt. Numbers are stable.
export const VERDICTS = Object.freeze({
  Accept: 0,
  Wrong: 1,
  Exhausted: 2,
  Expired: 3,
  Used: 4,
  NoChallenge: 5,
  Locked: 6,
  Limited: 7,
  Replayed: 8,
  Resynchronize: 9,
  Malformed: 10,
});

// Why a challenge was not issued. Numbers are stable.
export const REFUSAL_REASONS = Object.freeze({
  ResendInterval: 1,
  Sends: 2,
  Guesses: 3,
  Locked: 4,
  Spend: 5,
  Credits: 6,
});

// Why an exchange ended. Numbers and names are stable; the names are used as metric labels and in
// logs.
export const REASONS = Object.freeze({
  sent: 1,
  accepted: 2,
  number_verified: 3,
  number_not_verified: 4,
  number_shared: 5,
  token_issued: 6,
  logged_in: 7,
  document_told: 8,
  wrong_code: 10,
  exhausted: 11,
  expired: 12,
  used: 13,
  no_challenge: 14,
  locked: 15,
  limited: 16,
  unknown_id: 17,
  malformed_code: 18,
  unknown_credential: 20,
  address_not_allowed: 21,
  revoked: 22,
  app_not_allowed: 23,
  invalid_token: 24,
  token_used: 25,
  missing_scope: 26,
  not_by_network: 27,
  token_without_number: 28,
  unknown_device: 29,
  missing_parameter: 30,
  repeated_parameter: 31,
  invalid_parameter: 32,
  invalid_number: 33,
  not_mobile: 34,
  number_not_allowed: 35,
  invalid_body: 36,
  invalid_correlator: 37,
  number_blocked: 38,
  foreign_number: 39,
  resend_interval: 40,
  send_limit: 41,
  guess_limit: 42,
  spend_limit: 43,
  number_locked: 44,
  no_credits: 45,
  still_live: 46,
  unknown_country: 47,
  not_found: 50,
  method_not_allowed: 51,
  prefetch: 52,
  too_large: 53,
  store_failed: 60,
  record_refused: 61,
  too_many_conflicts: 62,
  too_old: 63,
  gateway_refused: 64,
  gateway_unknown: 65,
  wrong_answer: 66,
  host_failed: 67,
  store_closed: 68,
  redirect_refused: 70,
  scope_refused: 71,
  unsupported_response: 72,
  login_asked: 73,
  consent_asked: 74,
  account_choice_asked: 75,
  request_object: 76,
  request_uri: 77,
  registration: 78,
  other_subject: 79,
  grant_refused: 80,
  grant_used: 81,
  unsupported_grant: 82,
});

// The kind of a step. C, Java and JavaScript use the same numbers and names.
export const STEPS = Object.freeze({
  load: 1,
  swap: 2,
  assess: 3,
  deliver: 4,
  reply: 5,
  introspect: 6,
  resolve: 7,
});

// The kind of a step of an operation on a store. C, Java and JavaScript use the same numbers and
// names; `load` and `swap` are those of an exchange.
export const STORE_STEPS = Object.freeze({
  load: 1,
  swap: 2,
  list: 8,
});

// The kind of an answer. C, Java and JavaScript use the same numbers and names.
export const ANSWERS = Object.freeze({
  begin: 0,
  loaded: 1,
  stored: 2,
  conflict: 3,
  delivered: 4,
  refused: 5,
  unknown: 6,
  failed: 7,
  unsupported: 8,
  full: 9,
  introspected: 10,
  resolved: 11,
  assessed: 12,
  expired: 13,
  listed: 14,
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

// What identifies the subject of a challenge.
export const SUBJECTS = Object.freeze({
  number: 1,
  email: 2,
  account: 3,
});

// The language of a message.
export const LANGUAGES = Object.freeze({
  en_US: 1,
  ar_SA: 2,
});

// The alphabet in which a text is sent.
export const ALPHABETS = Object.freeze({
  gsm7: 1,
  ucs2: 2,
});

// The kind of a value. A store keeps the two kinds separate.
export const KINDS = Object.freeze({
  state: 1,
  document: 2,
});

// A group of fields: the settings of one type.
export const GROUPS = Object.freeze({
  policy: 1,
  token: 2,
  engine: 3,
  channel: 4,
  customer: 5,
  client: 6,
});
