//! The texts of each kind of tenant on the command line.

use mpass_core::service::settings::Field;

use crate::admin::TenantKind;

/// The texts of one kind.
pub(super) struct KindText {
    /// The purpose of its command.
    pub(super) about: &'static str,
    /// The name of its credential.
    pub(super) credential: &'static str,
    /// The field that a list shows beside the addresses.
    pub(super) column: Field,
    /// A name in examples.
    pub(super) name: &'static str,
    /// A note on creating one; may be empty.
    pub(super) note: &'static str,
    /// How one is created; the first also stands in the help of the kind.
    pub(super) examples: &'static [&'static str],
}

/// The texts of a kind.
pub(super) const fn text(kind: TenantKind) -> &'static KindText {
    match kind {
        TenantKind::Channel => &CHANNEL,
        TenantKind::Client => &CLIENT,
        TenantKind::Customer => &CUSTOMER,
    }
}

const CHANNEL: KindText = KindText {
    about: "Manage channels, the callers of the mPass contract",
    credential: "key",
    column: Field::Apps,
    name: "shop",
    note: "",
    examples: &[
        "mpass channel create --name shop --address 10.1.0.0/16 --app Shop",
        "mpass channel create --name shop --address 10.1.0.0/16 --address 2001:db8::/32",
        "mpass channel create --name bank --app Bank --digits 8 --lifetime 2m --tries 3 \\
      --country 966 --calling-code 966 --host bank.example --json",
        "mpass channel create --name kiosk --sends 3/1h --guesses 20/1d \\
      --text en='Code {{code}} for {{app}}, good for {{minutes}} min' \\
      --text ar='رمز {{code}}'",
    ],
};

const CLIENT: KindText = KindText {
    about: "Manage clients, the callers of the CAMARA contracts",
    credential: "secret",
    column: Field::Scopes,
    name: "app",
    note: "",
    examples: &[
        "mpass client create --name app --redirect-uri https://app.example/back",
        "mpass client create --name otp --scope one-time-password-sms:send-validate --json",
        "mpass client create --name bank --scope number-verification:verify \\
      --scope number-verification:device-phone-number:read \\
      --redirect-uri https://bank.example/back --public-key 04d0f2…",
    ],
};

const CUSTOMER: KindText = KindText {
    about: "Manage customers, the callers of the VerifyNow contract, and their credits",
    credential: "password",
    column: Field::TestCredits,
    name: "C-0123456789ABCDE",
    note: "Without --name the customer is assigned an id. Requests carry the password in
base64, as key.",
    examples: &[
        "mpass customer create",
        "mpass customer create --digits 6 --lifetime 2m --credits 10000 --json",
    ],
};
