//! The server's assessment of a number: whether it is in its country's
//! numbering plan, and whether it can receive messages.
//!
//! The number is the engine's canonical form, which the assessment cannot
//! change, so that all servers of a fleet derive the same key for it. The plans are
//! those of libphonenumber, from the metadata of the crate `phonenumber`. Its
//! patterns are matched here, against the whole number, because the crate itself
//! drops leading zeros, accepts a match of a prefix, and recompiles patterns under a
//! lock. Countries open ranges before the metadata knows them: see `numbers` for the
//! operator's word, which comes first.

use std::sync::OnceLock;

use mpass_core::number::PhoneNumber;
use mpass_core::service::Assessment;
use phonenumber::metadata::{DATABASE, Descriptor};
use regex::{Regex, RegexBuilder};

/// Calling codes have one to three digits.
const CODES: usize = 1000;

/// The plans by calling code, compiled on first use.
static PLANS: [OnceLock<Vec<Plan>>; CODES] = [const { OnceLock::new() }; CODES];

/// The plan of a region.
struct Plan {
    /// The region's code.
    region: String,
    general: Pattern,
    /// Special services. Other patterns may match them as well, so they are
    /// tried first.
    special: Vec<(Kind, Pattern)>,
    fixed_line: Option<Pattern>,
    mobile: Option<Pattern>,
}

/// The kind of a number with regard to sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Mobile,
    /// Does not receive messages: land lines, toll-free, company and voice mail
    /// numbers.
    NotMobile,
    /// May receive messages: personal and VoIP numbers, pagers, and numbers of
    /// countries that do not distinguish land lines and mobiles.
    Unclear,
    /// Charges the sender: premium rate and shared cost.
    Costly,
}

impl Kind {
    /// Whether numbers of this kind receive messages; `None` if the plan does
    /// not determine it.
    const fn is_mobile(self) -> Option<bool> {
        match self {
            Self::Mobile => Some(true),
            Self::NotMobile => Some(false),
            Self::Unclear | Self::Costly => None,
        }
    }
}

struct Pattern {
    lengths: Vec<u16>,
    digits: Regex,
}

impl Pattern {
    /// `None` when the plan has no such pattern.
    fn new(descriptor: Option<&Descriptor>) -> Option<Self> {
        let descriptor = descriptor?;
        let pattern = format!("^(?:{})$", descriptor.national_number().as_str());
        let digits = RegexBuilder::new(&pattern)
            .ignore_whitespace(true)
            .unicode(false)
            .build()
            .ok()?;
        Some(Self {
            lengths: descriptor.possible_length().to_vec(),
            digits,
        })
    }

    fn has_length(&self, national: &str) -> bool {
        let has_length = |length: &u16| usize::from(*length) == national.len();
        self.lengths.iter().any(has_length)
    }

    fn matches(&self, national: &str) -> bool {
        (self.lengths.is_empty() || self.has_length(national)) && self.digits.is_match(national)
    }
}

impl Plan {
    fn of(metadata: &phonenumber::Metadata) -> Option<Self> {
        let plan = metadata.descriptors();
        let special = [
            (Kind::Costly, plan.premium_rate()),
            (Kind::NotMobile, plan.toll_free()),
            (Kind::Costly, plan.shared_cost()),
            (Kind::Unclear, plan.voip()),
            (Kind::Unclear, plan.personal_number()),
            (Kind::Unclear, plan.pager()),
            (Kind::NotMobile, plan.uan()),
            (Kind::NotMobile, plan.voicemail()),
        ];
        Some(Self {
            region: metadata.id().to_owned(),
            general: Pattern::new(Some(plan.general()))?,
            special: special
                .into_iter()
                .filter_map(|(kind, descriptor)| Some((kind, Pattern::new(descriptor)?)))
                .collect(),
            fixed_line: Pattern::new(plan.fixed_line()),
            mobile: Pattern::new(plan.mobile()),
        })
    }

    /// Whether numbers of any kind have as many digits.
    fn has_length(&self, national: &str) -> bool {
        let special = self.special.iter().map(|(_, pattern)| pattern);
        let mut kinds = special.chain(&self.fixed_line).chain(&self.mobile);
        kinds.any(|pattern| pattern.has_length(national))
    }

    /// `None` for a number that is not in the plan.
    fn kind(&self, national: &str) -> Option<Kind> {
        if !self.general.matches(national) {
            return None;
        }
        let special = self.special.iter();
        if let Some((kind, _)) = special
            .into_iter()
            .find(|(_, pattern)| pattern.matches(national))
        {
            return Some(*kind);
        }
        let matches = |pattern: &Option<Pattern>| {
            pattern
                .as_ref()
                .is_some_and(|pattern| pattern.matches(national))
        };
        match (matches(&self.fixed_line), matches(&self.mobile)) {
            (true, true) => Some(Kind::Unclear),
            (true, false) => Some(Kind::NotMobile),
            (false, true) => Some(Kind::Mobile),
            (false, false) => None,
        }
    }
}

fn plans(calling_code: u16) -> &'static [Plan] {
    let Some(slot) = PLANS.get(usize::from(calling_code)) else {
        return &[];
    };
    slot.get_or_init(|| {
        let metadata = DATABASE.by_code(&calling_code).unwrap_or_default();
        metadata.into_iter().filter_map(Plan::of).collect()
    })
}

/// Loads the metadata ahead of the first number, which takes some milliseconds.
pub(crate) fn warm_up() {
    let _ = DATABASE.iter().next();
}

/// Whether a number has as many digits as numbers of its country may have, whatever
/// its range.
#[must_use]
pub(crate) fn has_possible_length(number: &PhoneNumber) -> bool {
    let mut plans = plans(number.calling_code().get()).iter();
    plans.any(|plan| plan.has_length(number.national()))
}

/// The regions whose plan contains a number (ISO 3166-1, `001` for codes of no
/// country).
#[must_use]
pub(crate) fn regions(number: &PhoneNumber) -> Vec<String> {
    let plans = plans(number.calling_code().get()).iter();
    plans
        .filter(|plan| plan.kind(number.national()).is_some())
        .map(|plan| plan.region.clone())
        .collect()
}

/// Assesses a number. A number outside the plans of its country is invalid, and
/// one that charges the sender is not allowed.
#[must_use]
pub fn assess(number: &PhoneNumber) -> Assessment {
    let kinds = plans(number.calling_code().get())
        .iter()
        .filter_map(|plan| plan.kind(number.national()));
    // Where regions share a code, a number belongs to one of them; if the
    // patterns of two match it, the more cautious kind counts.
    match kinds.reduce(more_cautious) {
        None => Assessment::Invalid,
        Some(Kind::Costly) => Assessment::NotAllowed,
        Some(kind) => Assessment::Valid {
            mobile: kind.is_mobile(),
        },
    }
}

fn more_cautious(one: Kind, other: Kind) -> Kind {
    match (one, other) {
        (Kind::Costly, _) | (_, Kind::Costly) => Kind::Costly,
        (one, other) if one == other => one,
        _ => Kind::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assessed(number: &str) -> Assessment {
        assess(&PhoneNumber::parse(number, None).unwrap())
    }

    #[test]
    fn assessments_of_numbers() {
        for (text, mobile) in [
            ("+966500000000", Some(true)),
            ("+966512345678", Some(true)),
            ("+966112345678", Some(false)),
            ("+9668001234567", Some(false)),
            ("+447912345678", Some(true)),
            ("+441212345678", Some(false)),
            ("+390236618300", Some(false)),
            ("+393123456789", Some(true)),
            ("+15208782491", None),
        ] {
            assert_eq!(assessed(text), Assessment::Valid { mobile }, "{text}");
        }
    }

    #[test]
    fn invalid_and_not_allowed() {
        for text in [
            "+96650000000",
            "+9665000000000",
            "+966200000000",
            "+12530000",
            "+44791234567",
            "+390000000000000",
        ] {
            assert_eq!(assessed(text), Assessment::Invalid, "{text}");
        }
        for text in ["+966925011112", "+19002345678", "+449012345678"] {
            assert_eq!(assessed(text), Assessment::NotAllowed, "{text}");
        }
    }

    /// Every example number of the metadata keeps its canonical form and is of
    /// the kind that it is an example of.
    #[test]
    fn examples_of_every_country() {
        let (mut seen, mut bad) = (0, Vec::new());
        for code in 1..1000 {
            for metadata in DATABASE.by_code(&code).unwrap_or_default() {
                let plan = metadata.descriptors();
                for (descriptor, is_costly, wrong) in [
                    (plan.mobile(), false, Some(false)),
                    (plan.fixed_line(), false, Some(true)),
                    (plan.premium_rate(), true, None),
                    (plan.shared_cost(), true, None),
                ] {
                    let Some(example) = descriptor.and_then(Descriptor::example) else {
                        continue;
                    };
                    let e164 = format!("+{code}{example}");
                    seen += 1;
                    let Ok(number) = PhoneNumber::parse(&e164, None) else {
                        // Those of Niger begin with a 0, which the engine
                        // refuses.
                        assert!(is_costly, "{e164} is refused");
                        continue;
                    };
                    assert_eq!(number.as_str(), e164);
                    match assess(&number) {
                        Assessment::Valid { mobile } if !is_costly => {
                            assert!(mobile.is_none() || mobile != wrong, "{e164} {mobile:?}");
                        }
                        Assessment::NotAllowed | Assessment::Invalid if is_costly => {}
                        other => bad.push(format!("{e164} is {other:?}")),
                    }
                }
            }
        }
        assert_eq!(bad, [""; 0]);
        assert!(seen > 600, "only {seen} examples");
    }

    #[test]
    fn every_pattern_compiles() {
        for code in 1..1000 {
            let metadata = DATABASE.by_code(&code).unwrap_or_default();
            assert_eq!(plans(code).len(), metadata.len(), "{code}");
            for (plan, metadata) in plans(code).iter().zip(metadata) {
                let all = metadata.descriptors();
                assert_eq!(plan.mobile.is_some(), all.mobile().is_some(), "{code}");
                assert_eq!(
                    plan.fixed_line.is_some(),
                    all.fixed_line().is_some(),
                    "{code}"
                );
            }
        }
    }
}
