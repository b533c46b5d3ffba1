//! The cautions of key URIs as warnings.

use mpass_core::oath::uri::Caution;

use super::output::warn;

/// Prints cautions to standard error.
pub(super) fn warn_of(cautions: impl Iterator<Item = Caution>) {
    for caution in cautions {
        warn(&format!("warning: {}", caution_text(caution)));
    }
}

fn caution_text(caution: Caution) -> &'static str {
    match caution {
        Caution::Counter => "several authenticator apps do not support counter-based codes",
        Caution::Algorithm => "several authenticator apps support SHA-1 only",
        Caution::Digits => "some authenticator apps always show six digits",
        Caution::Period => "some authenticator apps always use 30 seconds",
        Caution::PeriodBelowFive => "FreeOTP refuses steps below 5 seconds",
        Caution::SecretLength => "some authenticator apps require a secret of 20 bytes",
        Caution::NoIssuer => "without an issuer, accounts of the same name cannot be distinguished",
        Caution::IssuerDiffers => {
            "the label names another issuer; the issuer parameter is the issuer"
        }
        Caution::EmptyIssuer => "the empty issuer is read as no issuer",
        Caution::EmptyAccount => "the label names no account",
        Caution::ColonInLabel => {
            "the label has several colons; the whole label is read as the account"
        }
        Caution::EncodedColon => "%3A in the label is read as the end of the issuer",
        Caution::EscapedAmpersand => "&amp; is read as &",
        Caution::RepeatedParameter => "a parameter is repeated",
        Caution::UnknownParameter => "a parameter is not used",
        Caution::PlusAsSpace => "a plus sign in the issuer parameter is read as a space",
        Caution::Spelling => "a parameter is not spelled as other readers expect",
        Caution::SecretForm => {
            "the secret has lower case letters, spaces, hyphens or padding, which some authenticator apps refuse"
        }
        Caution::Trimmed => "white space or marks at the ends were dropped",
        Caution::SteamIssuer => {
            "some authenticator apps show Steam's own codes for the issuer Steam"
        }
        Caution::PeriodAboveHour => {
            "a period above an hour is in seconds here; it may be meant in milliseconds"
        }
        Caution::EncodedTwice => {
            "a name has a percent escape after it is decoded; it may have been encoded twice"
        }
        Caution::ColonInName => "FreeOTP refuses an issuer or account with a colon",
        _ => "authenticator apps interpret this URI differently",
    }
}
