//! The label of a key URI: `issuer:account` or `account`.

use super::caution::{Caution, Cautions};
use super::parts::Colon;
use super::text::Text;

/// The names of a key URI.
pub(super) struct Names<'a> {
    pub(super) issuer: Option<Text<'a>>,
    /// The prefix of the label, where the parameter names another issuer.
    pub(super) label_issuer: Option<Text<'a>>,
    pub(super) account: Text<'a>,
}

impl<'a> Names<'a> {
    /// The names in a label and an issuer parameter.
    ///
    /// The first literal colon separates, and `%3A` is text. A label without a
    /// literal colon is separated by `%3A`, which the page allows. What the
    /// issuer parameter confirms needs no choice.
    pub(super) fn read(
        label: Text<'a>,
        parameter: Option<Text<'a>>,
        cautions: &mut Cautions,
    ) -> Self {
        let given = parameter;
        let parameter = given.map(Text::trimmed);
        cautions.add(
            Caution::EmptyIssuer,
            parameter.is_some_and(|issuer| issuer.is_empty()),
        );
        let parameter = parameter.filter(|issuer| !issuer.is_empty());
        let colon = match label.first(Colon::Literal) {
            Some(_) => Colon::Literal,
            None => Colon::Encoded,
        };
        // With a plus sign, the issuer is what the label confirms.
        let literal = given.map(|given| given.with_literal_plus().trimmed());
        let mut confirmed = None;
        for issuer in [parameter, literal].into_iter().flatten() {
            if confirmed.is_none() && !issuer.is_empty() {
                let account = after_issuer(label, issuer, colon, cautions);
                confirmed = account.map(|account| (issuer, account));
            }
        }
        let plus = given.is_some_and(Text::has_plus);
        cautions.add(Caution::PlusAsSpace, plus && confirmed.is_none());
        let issuer = confirmed.map(|(issuer, _)| issuer).or(parameter);
        let trimmed = given.zip(issuer);
        cautions.add(
            Caution::Trimmed,
            trimmed.is_some_and(|(given, issuer)| issuer.is_shorter_than(given)),
        );
        let mut names = match (confirmed, label.first(colon)) {
            (Some((issuer, account)), _) => Self::new(Some(issuer), account),
            (None, None) => Self::whole(label, parameter, cautions),
            (None, Some((prefix, account))) => {
                Self::separated(label, prefix, account, parameter, colon, cautions)
            }
        };
        // The page allows spaces before the account.
        let account = names.account.without_leading_spaces();
        let has_marks = names.account.has_marks_at_ends();
        names.account = account.trimmed();
        cautions.add(
            Caution::Trimmed,
            has_marks || names.account.is_shorter_than(account),
        );
        names
    }

    const fn new(issuer: Option<Text<'a>>, account: Text<'a>) -> Self {
        Self {
            issuer,
            label_issuer: None,
            account,
        }
    }

    /// The names in a label that is the account.
    fn whole(label: Text<'a>, parameter: Option<Text<'a>>, cautions: &mut Cautions) -> Self {
        cautions.add(Caution::Trimmed, label.trimmed().is_shorter_than(label));
        Self::new(parameter, label)
    }

    /// The names in a label with a prefix that the parameter does not confirm.
    fn separated(
        label: Text<'a>,
        prefix: Text<'a>,
        account: Text<'a>,
        parameter: Option<Text<'a>>,
        colon: Colon,
        cautions: &mut Cautions,
    ) -> Self {
        let name = prefix.trimmed();
        if !name.is_empty() && account.first(colon).is_some() {
            cautions.add(Caution::ColonInLabel, true);
            return Self::whole(label, parameter, cautions);
        }
        cautions.add(Caution::Trimmed, name.is_shorter_than(prefix));
        cautions.add(Caution::EncodedColon, colon == Colon::Encoded);
        if name.is_empty() {
            cautions.add(Caution::EmptyIssuer, true);
            return Self::new(parameter, account);
        }
        cautions.add(Caution::IssuerDiffers, parameter.is_some());
        Self {
            issuer: parameter.or(Some(name)),
            label_issuer: parameter.and(Some(name)),
            account,
        }
    }
}

/// The account of a label whose prefix is the issuer.
fn after_issuer<'a>(
    label: Text<'a>,
    issuer: Text<'a>,
    colon: Colon,
    cautions: &mut Cautions,
) -> Option<Text<'a>> {
    let start = label.without_leading_spaces();
    let rest = start.strip_start(issuer)?;
    let before_colon = rest.without_leading_spaces();
    let account = before_colon.strip_colon(colon)?;
    cautions.add(
        Caution::Trimmed,
        start.is_shorter_than(label) || before_colon.is_shorter_than(rest),
    );
    Some(account)
}
