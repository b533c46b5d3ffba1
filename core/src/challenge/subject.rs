//! Whom a challenge is for.

use core::fmt;

use arrayvec::ArrayString;

use crate::Error;
use crate::host_name::is_host_name;
use crate::list::list;
use crate::number::PhoneNumber;
use crate::oath::as_text::{Written, display, text};

/// The longest e-mail address in bytes, as in a path of RFC 5321.
const LONGEST_EMAIL: usize = 254;
/// The longest account in bytes.
const LONGEST_ACCOUNT: usize = 64;

list! {
    /// What identifies the subject of a challenge.
    pub enum SubjectKind: u8 {
        /// A phone number.
        Number = 1, "number";
        /// An e-mail address.
        Email = 2, "email";
        /// An account of the caller, which is compared byte by byte.
        Account = 3, "account";
    }
}

/// The subject of a challenge in canonical form.
///
/// A challenge is identified by its subject, so two spellings of one subject
/// must not be two subjects: that would multiply the tries. The value of each
/// kind is therefore checked and brought into canonical form when it is
/// created. The kind is part of the record's store key and of the code, and no
/// text is a subject of two kinds.
///
/// `Display` and `Debug` mask the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A phone number.
    Number(PhoneNumber),
    /// An e-mail address.
    Email(Email),
    /// An account of the caller.
    Account(Account),
}

impl Subject {
    /// Parses a subject of a kind. A phone number must be in international
    /// form; for numbers in national form, use [`PhoneNumber::parse`] with a
    /// country.
    ///
    /// # Errors
    /// Those of [`PhoneNumber::parse`], [`Email::parse`] or [`Account::parse`].
    pub fn parse(kind: SubjectKind, text: &str) -> Result<Self, Error> {
        match kind {
            SubjectKind::Number => PhoneNumber::parse(text, None).map(Self::Number),
            SubjectKind::Email => Email::parse(text).map(Self::Email),
            SubjectKind::Account => Account::parse(text).map(Self::Account),
        }
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> SubjectKind {
        match self {
            Self::Number(_) => SubjectKind::Number,
            Self::Email(_) => SubjectKind::Email,
            Self::Account(_) => SubjectKind::Account,
        }
    }

    /// The canonical text. A number is E.164 with its plus sign.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Number(number) => number.as_str(),
            Self::Email(email) => email.as_str(),
            Self::Account(account) => account.as_str(),
        }
    }

    /// The phone number, if the subject is one.
    #[must_use]
    pub fn number(&self) -> Option<PhoneNumber> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Email(_) | Self::Account(_) => None,
        }
    }
}

impl From<PhoneNumber> for Subject {
    fn from(number: PhoneNumber) -> Self {
        Self::Number(number)
    }
}

impl From<Email> for Subject {
    fn from(email: Email) -> Self {
        Self::Email(email)
    }
}

impl From<Account> for Subject {
    fn from(account: Account) -> Self {
        Self::Account(account)
    }
}

/// Masks the subject, as its kind does.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(self, f)
    }
}

/// As `Display`.
impl Written for Subject {
    fn write_to(&self, put: &mut dyn FnMut(char)) {
        match self {
            Self::Number(number) => number.write_to(put),
            Self::Email(email) => email.write_to(put),
            Self::Account(account) => account.write_to(put),
        }
    }
}

/// An e-mail address in canonical form: lower case, at most 254 bytes, one `@`.
///
/// The local part has one or more ASCII letters, digits, dots and
/// ``!#$%&'*+-/=?^_`{|}~``; quoted local parts are refused, because the same
/// mailbox can be written with and without quotes. The domain is a host name;
/// internationalised domains must be given in their ASCII form (A-labels).
///
/// Both parts are converted to lower case, since hardly any provider
/// distinguishes them. Nothing else is equated: an address with a dot or a
/// `+tag` that a provider ignores is another subject.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(ArrayString<LONGEST_EMAIL>);

impl Email {
    /// Parses an address and converts it to lower case.
    ///
    /// # Errors
    /// [`Error::InvalidSubject`] if the text does not have the form above.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut address = ArrayString::from(text).map_err(|_| Error::InvalidSubject)?;
        address.make_ascii_lowercase();
        let (local, domain) = address.split_once('@').ok_or(Error::InvalidSubject)?;
        if local.is_empty() || !local.bytes().all(is_in_local_part) || !is_host_name(domain) {
            return Err(Error::InvalidSubject);
        }
        Ok(Self(address))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a byte may appear in a local part: `atext` of RFC 5322 section
/// 3.2.3, or a dot. Dots may be anywhere, because some providers have issued
/// such addresses.
fn is_in_local_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// Shows the domain and the first character of a local part of two or more:
/// `a*****@example.com`.
impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(self, f)
    }
}

/// As `Display`.
impl Written for Email {
    fn write_to(&self, put: &mut dyn FnMut(char)) {
        let (local, domain) = self.0.split_once('@').unwrap_or_default();
        for part in [first_of(local, 2), "*****@", domain] {
            text(put, part);
        }
    }
}

/// As `Display`.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({self})")
    }
}

/// An account of the caller, such as a user name or a database id: 1 to 64
/// printable ASCII bytes without space and `@`, at least one of them a letter,
/// so that neither a phone number nor an e-mail address is an account.
///
/// Accounts are compared byte by byte: `Ann` and `ann` are two subjects. If the
/// caller's accounts can be spelled in several ways, it must choose one.
#[derive(Clone, PartialEq, Eq)]
pub struct Account(ArrayString<LONGEST_ACCOUNT>);

impl Account {
    /// Checks an account.
    ///
    /// # Errors
    /// [`Error::InvalidSubject`] if the text does not have the form above.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let account = ArrayString::from(text).map_err(|_| Error::InvalidSubject)?;
        let is_allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'@';
        let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
        if !has_letter || !text.bytes().all(is_allowed) {
            return Err(Error::InvalidSubject);
        }
        Ok(Self(account))
    }

    /// The account.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Shows the first character of an account of four or more: `a*****`.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(self, f)
    }
}

/// As `Display`.
impl Written for Account {
    fn write_to(&self, put: &mut dyn FnMut(char)) {
        text(put, first_of(&self.0, 4));
        text(put, "*****");
    }
}

/// As `Display`.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({self})")
    }
}

/// The first character of an ASCII text of at least this length, or nothing.
fn first_of(text: &str, shown_from: usize) -> &str {
    match text.len() >= shown_from {
        true => text.get(..1).unwrap_or_default(),
        false => "",
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;

    use super::*;
    use crate::challenge::{Binding, Keyring};

    #[test]
    fn masks_itself() {
        for (kind, text, masked) in [
            (SubjectKind::Number, "+966500000067", "+9665*****67"),
            (SubjectKind::Email, "ann@example.com", "a*****@example.com"),
            (SubjectKind::Email, "a@example.com", "*****@example.com"),
            (SubjectKind::Account, "alice", "a*****"),
            (SubjectKind::Account, "bob", "*****"),
        ] {
            let subject = Subject::parse(kind, text).unwrap();
            assert_eq!(format!("{subject}"), masked);
            let name = format!("{kind:?}");
            let inner = match kind {
                SubjectKind::Number => "PhoneNumber",
                _ => &name,
            };
            assert_eq!(format!("{subject:?}"), format!("{name}({inner}({masked}))"));
        }
    }

    /// The checks rule out a text that is a subject of two kinds. Here they are
    /// bypassed: the kind alone must separate the records and the codes.
    #[test]
    fn one_text_of_every_kind_has_its_own_record_and_code() {
        let number = PhoneNumber::parse("+966500000000", None).unwrap();
        let text = number.as_str();
        let subjects = [
            Subject::Number(number),
            Subject::Email(Email(ArrayString::from(text).unwrap())),
            Subject::Account(Account(ArrayString::from(text).unwrap())),
        ];
        let keyring = Keyring::generate(&[7; 32]);
        let derived = subjects.each_ref().map(|subject| {
            let binding = Binding {
                service: "test",
                tenant: b"tenant",
                subject,
                context: "",
            };
            let code = binding.code_secret(keyring.record(1).unwrap(), &[9; 16]);
            (binding.store_key(&keyring), code.first_32())
        });
        for (at, (key, code)) in derived.iter().enumerate() {
            for (other_key, other_code) in &derived[at + 1..] {
                assert_ne!(key, other_key);
                assert_ne!(code, other_code);
            }
        }
    }

    #[test]
    fn lengths_have_limits() {
        let domain = format!("{}.example", "d".repeat(63));
        let address = |len: usize| -> String {
            let local = "l".repeat(len - domain.len() - 1);
            format!("{local}@{domain}")
        };
        assert!(Email::parse(&address(254)).is_ok());
        assert_eq!(Email::parse(&address(255)), Err(Error::InvalidSubject));
        assert!(Account::parse(&"a".repeat(64)).is_ok());
        assert_eq!(Account::parse(&"a".repeat(65)), Err(Error::InvalidSubject));
    }
}
