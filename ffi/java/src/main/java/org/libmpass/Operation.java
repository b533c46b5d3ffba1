// Written by `cargo xtask lists`; do not edit.
package org.libmpass;

/** The operations of the engine. */
final class Operation {
  private Operation() {}

  static final int FREE = 1;
  static final int VERSION = 2;
  static final int ERRORS = 3;
  static final int REASONS = 4;

  static final int SECRET_FROM_BYTES = 100;
  static final int SECRET_FROM_BASE32 = 101;
  static final int SECRET_FROM_HEX = 102;
  static final int SECRET_GENERATE = 103;
  static final int SECRET_EXPOSE = 104;
  static final int SECRET_EXPOSE_BASE32 = 105;
  static final int SECRET_EXPOSE_HEX = 106;
  static final int SECRET_LENGTH = 107;

  static final int HOTP_NEW = 200;
  static final int HOTP_VERIFY = 201;
  static final int HOTP_RESYNCHRONIZE = 202;
  static final int HOTP_GENERATE = 203;
  static final int HOTP_GENERATE_RANGE = 204;

  static final int TOTP_NEW = 300;
  static final int TOTP_TIME_STEP = 301;
  static final int TOTP_REMAINING = 302;
  static final int TOTP_VERIFY = 303;
  static final int TOTP_RESYNCHRONIZE = 304;
  static final int TOTP_VERIFY_STEPS = 305;
  static final int TOTP_RESYNCHRONIZE_STEPS = 306;
  static final int TOTP_GENERATE = 307;
  static final int TOTP_GENERATE_STEP = 308;

  static final int OCRA_NEW = 400;
  static final int OCRA_RESPOND = 401;
  static final int OCRA_VERIFY = 402;
  static final int OCRA_QUESTION = 403;
  static final int OCRA_SIGNATURE_QUESTION = 404;
  static final int OCRA_MUTUAL = 405;

  static final int KEY_URI_PARSE = 500;
  static final int KEY_URI_NEW = 501;
  static final int KEY_URI_EXPOSE = 502;
  static final int KEY_URI_SECRET = 503;

  static final int NUMBER_PARSE = 600;
  static final int NUMBER_FROM_NATIONAL = 601;
  static final int NUMBER_HASHES = 602;
  static final int NUMBER_HASH_BATCH = 603;
  static final int NUMBER_KEYED_HASH = 604;
  static final int NUMBER_HAS_DIGEST = 605;
  static final int NUMBER_TABLE_VERSION = 606;

  static final int SETTINGS_DEFAULTS = 700;
  static final int SETTINGS_CHECK = 701;
  static final int LIMIT_HALF_AT_ONCE = 702;

  static final int KEYRING_GENERATE = 800;
  static final int KEYRING_PARSE = 801;
  static final int KEYRING_EXPOSE = 802;
  static final int KEYRING_ADD = 803;
  static final int KEYRING_ACTIVATE = 804;
  static final int KEYRING_REMOVE = 805;
  static final int KEYRING_IDS = 806;
  static final int KEYRING_COPY = 807;
  static final int HEADER_OPEN = 850;
  static final int HEADER_READ = 851;
  static final int HEADER_INITIALIZE = 852;
  static final int HEADER_RESTORE = 853;
  static final int HEADER_CONFIRM = 854;
  static final int HEADER_ACTIVATE = 855;
  static final int HEADER_REMOVE_KEY = 856;
  static final int HEADER_UPGRADE = 857;

  static final int CHALLENGE_KEY = 900;
  static final int CHALLENGE_ISSUE = 901;
  static final int CHALLENGE_ATTEMPT = 902;
  static final int CHALLENGE_REFUND = 903;
  static final int CHALLENGE_UNLOCK = 904;
  static final int SUBJECT_PARSE = 905;
  static final int CHALLENGE_CHANGE_ISSUE = 950;
  static final int CHALLENGE_CHANGE_ATTEMPT = 951;
  static final int CHALLENGE_CHANGE_REFUND = 952;
  static final int CHALLENGE_CHANGE_UNLOCK = 953;

  static final int PENDING_IS_WRITTEN_IN = 1000;
  static final int PENDING_STORED = 1001;

  static final int TOKEN_KEY = 1101;
  static final int TOKEN_ENROLL = 1102;
  static final int TOKEN_ATTEMPT_HOTP = 1103;
  static final int TOKEN_ATTEMPT_TOTP = 1104;
  static final int TOKEN_RESYNCHRONIZE_HOTP = 1105;
  static final int TOKEN_RESYNCHRONIZE_TOTP = 1106;
  static final int TOKEN_ASK = 1107;
  static final int TOKEN_ATTEMPT_OCRA = 1108;
  static final int TOKEN_UNLOCK = 1109;
  static final int TOKEN_STATUS = 1110;
  static final int TOKEN_CHANGE_ENROLL = 1150;
  static final int TOKEN_CHANGE_ATTEMPT_HOTP = 1151;
  static final int TOKEN_CHANGE_ATTEMPT_TOTP = 1152;
  static final int TOKEN_CHANGE_RESYNCHRONIZE_HOTP = 1153;
  static final int TOKEN_CHANGE_RESYNCHRONIZE_TOTP = 1154;
  static final int TOKEN_CHANGE_ASK = 1155;
  static final int TOKEN_CHANGE_ATTEMPT_OCRA = 1156;
  static final int TOKEN_CHANGE_UNLOCK = 1157;

  static final int TENANT_STORE_KEY = 1201;
  static final int TENANT_OPEN = 1203;
  static final int TENANT_ALLOWS = 1206;
  static final int ANDROID_APP_HASH = 1207;
  static final int TENANT_ADMIN_CREATE = 1250;
  static final int TENANT_ADMIN_READ = 1251;
  static final int TENANT_ADMIN_LIST = 1252;
  static final int TENANT_ADMIN_UPDATE = 1253;
  static final int TENANT_ADMIN_ROTATE = 1254;
  static final int TENANT_ADMIN_REVOKE = 1255;
  static final int TENANT_ADMIN_UNLOCK = 1256;
  static final int TENANT_ADMIN_CREDITS = 1257;
  static final int TENANT_ADMIN_PROVISION = 1258;
  static final int TENANT_ADMIN_RESEAL = 1259;

  static final int GRANT_TOKEN = 1304;

  static final int ENGINE_NEW = 1400;
  static final int EXCHANGE_BEGIN = 1401;
  static final int EXCHANGE_NEXT = 1402;
  static final int ADDRESS_PARSE = 1403;
  static final int ADDRESS_TEXT = 1404;
  static final int ENGINE_APPLY = 1405;

  static final int MEMORY_STORE_NEW = 1500;
  static final int MEMORY_STORE_LOAD = 1501;
  static final int MEMORY_STORE_SWAP = 1502;
  static final int MEMORY_STORE_LENGTH = 1503;
  static final int MEMORY_STORE_LIST = 1504;

  static final int CHANGE_NEXT = 1600;
}
