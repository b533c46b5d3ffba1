// Written by `cargo xtask lists`; do not edit.

export const FREE = 1;
export const VERSION = 2;
export const ERRORS = 3;
export const REASONS = 4;

export const SECRET_FROM_BYTES = 100;
export const SECRET_FROM_BASE32 = 101;
export const SECRET_FROM_HEX = 102;
export const SECRET_GENERATE = 103;
export const SECRET_EXPOSE = 104;
export const SECRET_EXPOSE_BASE32 = 105;
export const SECRET_EXPOSE_HEX = 106;
export const SECRET_LENGTH = 107;

export const HOTP_NEW = 200;
export const HOTP_VERIFY = 201;
export const HOTP_RESYNCHRONIZE = 202;
export const HOTP_GENERATE = 203;
export const HOTP_GENERATE_RANGE = 204;

export const TOTP_NEW = 300;
export const TOTP_TIME_STEP = 301;
export const TOTP_REMAINING = 302;
export const TOTP_VERIFY = 303;
export const TOTP_RESYNCHRONIZE = 304;
export const TOTP_VERIFY_STEPS = 305;
export const TOTP_RESYNCHRONIZE_STEPS = 306;
export const TOTP_GENERATE = 307;
export const TOTP_GENERATE_STEP = 308;

export const OCRA_NEW = 400;
export const OCRA_RESPOND = 401;
export const OCRA_VERIFY = 402;
export const OCRA_QUESTION = 403;
export const OCRA_SIGNATURE_QUESTION = 404;
export const OCRA_MUTUAL = 405;

export const KEY_URI_PARSE = 500;
export const KEY_URI_NEW = 501;
export const KEY_URI_EXPOSE = 502;
export const KEY_URI_SECRET = 503;

export const NUMBER_PARSE = 600;
export const NUMBER_FROM_NATIONAL = 601;
export const NUMBER_HASHES = 602;
export const NUMBER_HASH_BATCH = 603;
export const NUMBER_KEYED_HASH = 604;
export const NUMBER_HAS_DIGEST = 605;
export const NUMBER_TABLE_VERSION = 606;

export const SETTINGS_DEFAULTS = 700;
export const SETTINGS_CHECK = 701;
export const LIMIT_HALF_AT_ONCE = 702;

export const KEYRING_GENERATE = 800;
export const KEYRING_PARSE = 801;
export const KEYRING_EXPOSE = 802;
export const KEYRING_ADD = 803;
export const KEYRING_ACTIVATE = 804;
export const KEYRING_REMOVE = 805;
export const KEYRING_IDS = 806;
export const KEYRING_COPY = 807;
export const HEADER_OPEN = 850;
export const HEADER_READ = 851;
export const HEADER_INITIALIZE = 852;
export const HEADER_RESTORE = 853;
export const HEADER_CONFIRM = 854;
export const HEADER_ACTIVATE = 855;
export const HEADER_REMOVE_KEY = 856;
export const HEADER_UPGRADE = 857;

export const CHALLENGE_KEY = 900;
export const CHALLENGE_ISSUE = 901;
export const CHALLENGE_ATTEMPT = 902;
export const CHALLENGE_REFUND = 903;
export const CHALLENGE_UNLOCK = 904;
export const SUBJECT_PARSE = 905;
export const CHALLENGE_CHANGE_ISSUE = 950;
export const CHALLENGE_CHANGE_ATTEMPT = 951;
export const CHALLENGE_CHANGE_REFUND = 952;
export const CHALLENGE_CHANGE_UNLOCK = 953;

export const PENDING_IS_WRITTEN_IN = 1000;
export const PENDING_STORED = 1001;

export const TOKEN_KEY = 1101;
export const TOKEN_ENROLL = 1102;
export const TOKEN_ATTEMPT_HOTP = 1103;
export const TOKEN_ATTEMPT_TOTP = 1104;
export const TOKEN_RESYNCHRONIZE_HOTP = 1105;
export const TOKEN_RESYNCHRONIZE_TOTP = 1106;
export const TOKEN_ASK = 1107;
export const TOKEN_ATTEMPT_OCRA = 1108;
export const TOKEN_UNLOCK = 1109;
export const TOKEN_STATUS = 1110;
export const TOKEN_CHANGE_ENROLL = 1150;
export const TOKEN_CHANGE_ATTEMPT_HOTP = 1151;
export const TOKEN_CHANGE_ATTEMPT_TOTP = 1152;
export const TOKEN_CHANGE_RESYNCHRONIZE_HOTP = 1153;
export const TOKEN_CHANGE_RESYNCHRONIZE_TOTP = 1154;
export const TOKEN_CHANGE_ASK = 1155;
export const TOKEN_CHANGE_ATTEMPT_OCRA = 1156;
export const TOKEN_CHANGE_UNLOCK = 1157;

export const TENANT_STORE_KEY = 1201;
export const TENANT_OPEN = 1203;
export const TENANT_ALLOWS = 1206;
export const ANDROID_APP_HASH = 1207;
export const TENANT_ADMIN_CREATE = 1250;
export const TENANT_ADMIN_READ = 1251;
export const TENANT_ADMIN_LIST = 1252;
export const TENANT_ADMIN_UPDATE = 1253;
export const TENANT_ADMIN_ROTATE = 1254;
export const TENANT_ADMIN_REVOKE = 1255;
export const TENANT_ADMIN_UNLOCK = 1256;
export const TENANT_ADMIN_CREDITS = 1257;
export const TENANT_ADMIN_PROVISION = 1258;
export const TENANT_ADMIN_RESEAL = 1259;

export const GRANT_TOKEN = 1304;

export const ENGINE_NEW = 1400;
export const EXCHANGE_BEGIN = 1401;
export const EXCHANGE_NEXT = 1402;
export const ADDRESS_PARSE = 1403;
export const ADDRESS_TEXT = 1404;
export const ENGINE_APPLY = 1405;

export const MEMORY_STORE_NEW = 1500;
export const MEMORY_STORE_LOAD = 1501;
export const MEMORY_STORE_SWAP = 1502;
export const MEMORY_STORE_LENGTH = 1503;
export const MEMORY_STORE_LIST = 1504;

export const CHANGE_NEXT = 1600;
