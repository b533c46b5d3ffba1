//! The table of operations.

use crate::call::Call;
use crate::failure::Outcome;

/// An operation that bindings can call.
pub struct Operation {
    /// Unique and never reused. Each hundred is a group.
    pub number: u16,
    /// Unique. The name of the constant in the languages.
    #[cfg(feature = "texts")]
    pub name: &'static str,
    work: fn(&mut Call<'_>) -> Outcome<()>,
}

impl Operation {
    /// The operation with a number, if the build includes it.
    #[must_use]
    pub fn of(number: u16) -> Option<&'static Self> {
        let found = Self::ALL.binary_search_by_key(&number, |operation| operation.number);
        found.ok().map(|index| &Self::ALL[index])
    }

    pub(crate) fn work(&self, call: &mut Call<'_>) -> Outcome<()> {
        (self.work)(call)
    }
}

macro_rules! operations {
    ($(#[$condition:meta] $module:ident {
        $($number:literal $name:ident $function:ident;)+
    })+) => {
        /// The numbers by name, independent of the build.
        #[allow(missing_docs)]
        impl Operation {
            $($(pub const $name: u16 = $number;)+)+
        }

        impl Operation {
            /// All operations of the build, in ascending order of number.
            pub const ALL: &'static [Self] = &[
                $($(
                    #[$condition]
                    Self {
                        number: $number,
                        #[cfg(feature = "texts")]
                        name: stringify!($name),
                        work: crate::$module::$function,
                    },
                )+)+
            ];
        }
    };
}

operations! {
    #[cfg(true)]
    library {
        1 FREE free;
        2 VERSION version;
    }
    #[cfg(feature = "texts")]
    library {
        3 ERRORS errors;
    }
    #[cfg(feature = "service")]
    service {
        4 REASONS reasons;
    }
    #[cfg(true)]
    secret {
        100 SECRET_FROM_BYTES from_bytes;
    }
    #[cfg(feature = "codes")]
    secret {
        101 SECRET_FROM_BASE32 from_base32;
        102 SECRET_FROM_HEX from_hex;
        103 SECRET_GENERATE generate;
    }
    #[cfg(true)]
    secret {
        104 SECRET_EXPOSE expose;
    }
    #[cfg(feature = "codes")]
    secret {
        105 SECRET_EXPOSE_BASE32 expose_base32;
        106 SECRET_EXPOSE_HEX expose_hex;
        107 SECRET_LENGTH length;
    }
    #[cfg(feature = "codes")]
    oath {
        200 HOTP_NEW hotp_new;
        201 HOTP_VERIFY hotp_verify;
        202 HOTP_RESYNCHRONIZE hotp_resynchronize;
        203 HOTP_GENERATE hotp_generate;
        204 HOTP_GENERATE_RANGE hotp_generate_range;

        300 TOTP_NEW totp_new;
        301 TOTP_TIME_STEP totp_time_step;
        302 TOTP_REMAINING totp_remaining;
        303 TOTP_VERIFY totp_verify;
        304 TOTP_RESYNCHRONIZE totp_resynchronize;
        305 TOTP_VERIFY_STEPS totp_verify_steps;
        306 TOTP_RESYNCHRONIZE_STEPS totp_resynchronize_steps;
        307 TOTP_GENERATE totp_generate;
        308 TOTP_GENERATE_STEP totp_generate_step;
    }
    #[cfg(feature = "ocra")]
    ocra {
        400 OCRA_NEW new;
        401 OCRA_RESPOND respond;
        402 OCRA_VERIFY verify;
        403 OCRA_QUESTION question;
        404 OCRA_SIGNATURE_QUESTION signature_question;
        405 OCRA_MUTUAL mutual;
    }
    #[cfg(feature = "uris")]
    uri {
        500 KEY_URI_PARSE parse;
        501 KEY_URI_NEW new;
        502 KEY_URI_EXPOSE expose;
        503 KEY_URI_SECRET secret;
    }
    #[cfg(feature = "number")]
    number {
        600 NUMBER_PARSE parse;
        601 NUMBER_FROM_NATIONAL from_national;
        602 NUMBER_HASHES hashes;
    }
    #[cfg(all(feature = "number", feature = "batch"))]
    number {
        603 NUMBER_HASH_BATCH hash_batch;
    }
    #[cfg(feature = "number")]
    number {
        604 NUMBER_KEYED_HASH keyed_hash;
        605 NUMBER_HAS_DIGEST has_digest;
        606 NUMBER_TABLE_VERSION table_version;
    }
    #[cfg(feature = "challenge")]
    settings {
        700 SETTINGS_DEFAULTS defaults;
        701 SETTINGS_CHECK check;
        702 LIMIT_HALF_AT_ONCE limit_half_at_once;
    }
    #[cfg(feature = "challenge")]
    keyring {
        800 KEYRING_GENERATE generate;
        801 KEYRING_PARSE parse;
        802 KEYRING_EXPOSE expose;
        803 KEYRING_ADD add;
        804 KEYRING_ACTIVATE activate;
        805 KEYRING_REMOVE remove;
        806 KEYRING_IDS ids;
        807 KEYRING_COPY copy;
    }
    #[cfg(feature = "challenge")]
    header {
        850 HEADER_OPEN open;
        851 HEADER_READ read;
        852 HEADER_INITIALIZE initialize;
        853 HEADER_RESTORE restore;
        854 HEADER_CONFIRM confirm;
        855 HEADER_ACTIVATE activate;
        856 HEADER_REMOVE_KEY remove_key;
        857 HEADER_UPGRADE upgrade;
    }
    #[cfg(feature = "challenge")]
    challenge {
        900 CHALLENGE_KEY key;
        901 CHALLENGE_ISSUE issue;
        902 CHALLENGE_ATTEMPT attempt;
        903 CHALLENGE_REFUND refund;
        904 CHALLENGE_UNLOCK unlock;
        905 SUBJECT_PARSE subject_parse;
    }
    #[cfg(feature = "challenge")]
    challenge_change {
        950 CHALLENGE_CHANGE_ISSUE issue;
        951 CHALLENGE_CHANGE_ATTEMPT attempt;
        952 CHALLENGE_CHANGE_REFUND refund;
        953 CHALLENGE_CHANGE_UNLOCK unlock;
    }
    #[cfg(feature = "challenge")]
    pending {
        1000 PENDING_IS_WRITTEN_IN is_written_in;
        1001 PENDING_STORED stored;
    }
    #[cfg(feature = "challenge")]
    token {
        1101 TOKEN_KEY key;
        1102 TOKEN_ENROLL enroll;
        1103 TOKEN_ATTEMPT_HOTP attempt_hotp;
        1104 TOKEN_ATTEMPT_TOTP attempt_totp;
        1105 TOKEN_RESYNCHRONIZE_HOTP resynchronize_hotp;
        1106 TOKEN_RESYNCHRONIZE_TOTP resynchronize_totp;
        1107 TOKEN_ASK ask;
        1108 TOKEN_ATTEMPT_OCRA attempt_ocra;
        1109 TOKEN_UNLOCK unlock;
        1110 TOKEN_STATUS status;
    }
    #[cfg(feature = "challenge")]
    token_change {
        1150 TOKEN_CHANGE_ENROLL enroll;
        1151 TOKEN_CHANGE_ATTEMPT_HOTP attempt_hotp;
        1152 TOKEN_CHANGE_ATTEMPT_TOTP attempt_totp;
        1153 TOKEN_CHANGE_RESYNCHRONIZE_HOTP resynchronize_hotp;
        1154 TOKEN_CHANGE_RESYNCHRONIZE_TOTP resynchronize_totp;
        1155 TOKEN_CHANGE_ASK ask;
        1156 TOKEN_CHANGE_ATTEMPT_OCRA attempt_ocra;
        1157 TOKEN_CHANGE_UNLOCK unlock;
    }
    #[cfg(feature = "service")]
    tenant {
        1201 TENANT_STORE_KEY store_key;
        1203 TENANT_OPEN open;
        1206 TENANT_ALLOWS allows;
        1207 ANDROID_APP_HASH android_app_hash;
    }
    #[cfg(feature = "service")]
    tenant_admin {
        1250 TENANT_ADMIN_CREATE create;
        1251 TENANT_ADMIN_READ read;
        1252 TENANT_ADMIN_LIST list;
        1253 TENANT_ADMIN_UPDATE update;
        1254 TENANT_ADMIN_ROTATE rotate;
        1255 TENANT_ADMIN_REVOKE revoke;
        1256 TENANT_ADMIN_UNLOCK unlock;
        1257 TENANT_ADMIN_CREDITS credits;
        1258 TENANT_ADMIN_PROVISION provision;
        1259 TENANT_ADMIN_RESEAL reseal;
    }
    #[cfg(feature = "service")]
    account {
        1304 GRANT_TOKEN grant_token;
    }
    #[cfg(feature = "service")]
    service {
        1400 ENGINE_NEW engine_new;
        1401 EXCHANGE_BEGIN begin;
        1402 EXCHANGE_NEXT next;
        1403 ADDRESS_PARSE address_parse;
        1404 ADDRESS_TEXT address_text;
        1405 ENGINE_APPLY engine_apply;
    }
    #[cfg(feature = "std")]
    store {
        1500 MEMORY_STORE_NEW memory_new;
        1501 MEMORY_STORE_LOAD memory_load;
        1502 MEMORY_STORE_SWAP memory_swap;
        1503 MEMORY_STORE_LENGTH memory_length;
        1504 MEMORY_STORE_LIST memory_list;
    }
    #[cfg(feature = "challenge")]
    change {
        1600 CHANGE_NEXT next;
    }
}
