//! What a caller should know about a key URI before using it.

use crate::list::list;

list! {
    /// Something about a key URI that a caller may want to show or refuse. One
    /// kind is about apps: a property that some authenticator apps mishandle or
    /// reject. All apps agree on TOTP with SHA-1, six digits, 30 seconds, a
    /// secret of 20 bytes and an issuer (surveys of 2019, 2023 and 2025). The
    /// other kind is about reading: the URI is outside the wiki page "Key Uri
    /// Format" of google-authenticator, or allows several readings, and one was
    /// chosen. Strict parsing refuses a URI with a caution of reading.
    #[non_exhaustive]
    pub enum Caution: u8 {
        /// Not TOTP: several apps do not support HOTP.
        Counter = 1, "Counter";
        /// Not SHA-1: Authy, Duo and Microsoft Authenticator accept SHA-256 but
        /// compute SHA-1, 1Password rejects it, and older versions of Google
        /// Authenticator ignore the parameter.
        Algorithm = 2, "Algorithm";
        /// Not six digits: older versions of Google Authenticator always show
        /// six.
        Digits = 3, "Digits";
        /// Not 30 seconds: older versions of Google Authenticator always use
        /// 30.
        Period = 4, "Period";
        /// Below 5 seconds: FreeOTP rejects the key.
        PeriodBelowFive = 5, "PeriodBelowFive";
        /// A secret that is not 20 bytes (32 base32 letters) long: Google
        /// Authenticator on iOS rejected longer ones with SHA-1.
        SecretLength = 6, "SecretLength";
        /// No issuer: accounts with the same name cannot be distinguished.
        NoIssuer = 7, "NoIssuer";
        /// Of reading: the label and the parameter name different issuers. The
        /// parameter counts; the label's is kept as the label issuer.
        IssuerDiffers = 8, "IssuerDiffers";
        /// Of reading: an issuer that is present and empty, in the label or the
        /// parameter. It is read as absent.
        EmptyIssuer = 9, "EmptyIssuer";
        /// Of reading: the label names no account.
        EmptyAccount = 10, "EmptyAccount";
        /// Of reading: the label has more than one colon that may separate, and
        /// none follows the issuer. The whole label is the account.
        ColonInLabel = 11, "ColonInLabel";
        /// Of reading: `%3A` in the label separates issuer and account, because
        /// the label has no literal colon and the issuer parameter does not
        /// decide.
        EncodedColon = 12, "EncodedColon";
        /// Of reading: `&amp;` separates parameters, from HTML that was not
        /// unescaped. It is read as `&`.
        EscapedAmpersand = 13, "EscapedAmpersand";
        /// Of reading: a parameter is repeated with the same value.
        RepeatedParameter = 14, "RepeatedParameter";
        /// Of reading: a parameter that this library does not use, such as
        /// `image`, or `counter` for TOTP. It is kept.
        UnknownParameter = 15, "UnknownParameter";
        /// Of reading: a plus sign in the issuer parameter is read as a space,
        /// and the label does not confirm it.
        PlusAsSpace = 16, "PlusAsSpace";
        /// Of reading: the name of a parameter or of the hash is spelled
        /// differently from the page (`SECRET`, `sha-256`), or spaces surround
        /// a number.
        Spelling = 17, "Spelling";
        /// Of reading: the secret has lower case letters, spaces, hyphens or
        /// padding.
        SecretForm = 18, "SecretForm";
        /// Of reading: white space or format characters were dropped from an end
        /// of the URI, the issuer, the account or a value.
        Trimmed = 19, "Trimmed";
        /// Of reading: the issuer is Steam, for which some apps compute Steam's
        /// own codes. Here the codes are the ordinary ones.
        SteamIssuer = 20, "SteamIssuer";
        /// A colon in the issuer or account: FreeOTP rejects the key.
        ColonInName = 21, "ColonInName";
        /// Of reading: a period above an hour, which is read in seconds. It may
        /// have been written in milliseconds. KeePassXC limits it to 24 hours,
        /// libcotp to 120 seconds.
        PeriodAboveHour = 22, "PeriodAboveHour";
        /// Of reading: the issuer or account has a percent sign with two
        /// hexadecimal digits after it is decoded. It may have been encoded
        /// twice, and is decoded once.
        EncodedTwice = 23, "EncodedTwice";
    }
}

impl Caution {
    /// Whether it is about reading the URI, so that strict parsing refuses it.
    /// The others are about apps.
    #[must_use]
    pub const fn is_of_reading(self) -> bool {
        match self {
            Self::Counter
            | Self::Algorithm
            | Self::Digits
            | Self::Period
            | Self::PeriodBelowFive
            | Self::SecretLength
            | Self::NoIssuer
            | Self::ColonInName => false,
            Self::IssuerDiffers
            | Self::EmptyIssuer
            | Self::EmptyAccount
            | Self::ColonInLabel
            | Self::EncodedColon
            | Self::EscapedAmpersand
            | Self::RepeatedParameter
            | Self::UnknownParameter
            | Self::PlusAsSpace
            | Self::Spelling
            | Self::SecretForm
            | Self::Trimmed
            | Self::SteamIssuer
            | Self::PeriodAboveHour
            | Self::EncodedTwice => true,
        }
    }
}

/// A set of cautions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::oath) struct Cautions(u32);

impl Cautions {
    pub(in crate::oath) const NONE: Self = Self(0);

    const fn bit(caution: Caution) -> u32 {
        1 << caution.number()
    }

    /// Adds a caution if it applies.
    pub(super) const fn add(&mut self, caution: Caution, applies: bool) {
        if applies {
            self.0 |= Self::bit(caution);
        }
    }

    /// The set without a caution.
    pub(super) const fn without(self, caution: Caution) -> Self {
        Self(self.0 & !Self::bit(caution))
    }

    /// The cautions by number.
    pub(in crate::oath) fn iter(self) -> impl Iterator<Item = Caution> {
        let all = Caution::ALL.iter().copied();
        all.filter(move |caution| self.0 & Self::bit(*caution) != 0)
    }
}
