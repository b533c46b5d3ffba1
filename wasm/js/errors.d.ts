// The types of the engine's errors.

/** Every error of the engine: number, name, text. */
export const ERRORS: readonly (readonly [number: number, name: ErrorName, text: string])[];

/** Names are stable, as the numbers are. */
export type ErrorName =
  | 'SecretEmpty'
  | 'SecretTooShort'
  | 'SecretTooLong'
  | 'InvalidBase32'
  | 'InvalidHex'
  | 'InvalidDigits'
  | 'InvalidStep'
  | 'InvalidAlgorithm'
  | 'WindowTooLarge'
  | 'TimeOutOfRange'
  | 'ResyncCodes'
  | 'InvalidSuite'
  | 'InvalidQuestion'
  | 'MissingInput'
  | 'UnexpectedInput'
  | 'SessionTooLong'
  | 'SuiteAlgorithm'
  | 'PinHashLength'
  | 'InvalidUri'
  | 'UriWithoutSecret'
  | 'UriWithoutCounter'
  | 'UriIssuerMismatch'
  | 'InvalidLabel'
  | 'UriRepeatedParameter'
  | 'NumberEmpty'
  | 'NumberCharacter'
  | 'NumberTooShort'
  | 'NumberTooLong'
  | 'UnknownCallingCode'
  | 'NationalPrefix'
  | 'CountryMissing'
  | 'InvalidLifetime'
  | 'InvalidTries'
  | 'InvalidLimit'
  | 'PolicyTooWeak'
  | 'InvalidCallingCode'
  | 'InvalidKeyring'
  | 'KeyringFull'
  | 'UnknownRecordKey'
  | 'DuplicateRecordKey'
  | 'RecordFormat'
  | 'RecordForged'
  | 'StoreFailed'
  | 'StoreFull'
  | 'TooManyConflicts'
  | 'StoreUnknown'
  | 'InvalidName'
  | 'InvalidAddress'
  | 'InvalidApp'
  | 'InvalidTemplate'
  | 'InvalidHost'
  | 'TenantTooLarge'
  | 'InvalidCredential'
  | 'NameTaken'
  | 'InvalidIssuer'
  | 'InvalidRedirectUri'
  | 'InvalidPublicKey'
  | 'UnknownScope';

/**
 * Misuse or failure that the engine tells of. A wrong code is a verdict, never
 * an error. An argument of the wrong type is a TypeError, a number out of its
 * range a RangeError. `InstanceTrapped` (number 0) says that the WebAssembly
 * instance broke: everything made before is gone, what is made afterwards
 * lives in a new one.
 */
export class MpassError extends Error {
  private constructor();
  /** The error of a name, for stores of the host's own. */
  static of(name: ErrorName): MpassError;
  readonly name: ErrorName | 'InstanceTrapped';
  /** The number that every language shows. */
  readonly number: number;
}
