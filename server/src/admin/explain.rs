//! What a number is and what would become of a message to it, for operators.
//! Nothing is written.

use std::sync::Arc;

use mpass_core::Error;
use mpass_core::challenge::{Keyring, Standing};
use mpass_core::number::{CallingCode, PhoneNumber, Reading, TABLE_VERSION};
use mpass_core::service::{Assessment, Channel, CutOffs, PreviewAt, Reason, SendPreview};
use mpass_core::store::{Kind, Store};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::assess;
use crate::clock;
use crate::numbers::NumbersConfig;

/// A text that may be a number, and who would send to it.
#[derive(Serialize, Deserialize)]
pub struct NumberQuestion {
    /// The text, as in a request.
    pub text: String,
    /// The name of the channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The country of numbers in national form, without a channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<u16>,
}

/// What a text is, and what would become of a message to it. The names and units
/// of the members are stable; members may be added.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// Whether a message would go to the gateway.
    pub would_send: bool,
    /// The reason why not, with the name that it has in the log and the metrics.
    pub reason: Option<String>,
    /// When the reason ends, in milliseconds of Unix time; `None` if it does not
    /// end by itself.
    pub retry_at_ms: Option<u64>,
    /// Why the text is no number, if it is none.
    pub error: Option<String>,
    /// The number; `None` if the text is none.
    pub number: Option<NumberFacts>,
    /// The country code of numbers in national form.
    pub country: Option<u16>,
    /// The version of the table of numbering plans.
    pub number_table: u16,
    /// The channel, if one was named.
    pub channel: Option<ChannelFacts>,
    /// Where the message would go: scheme and authority of the gateway's URL.
    pub route: Option<String>,
}

/// A number, by the numbering plans and by the operator's rules.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NumberFacts {
    /// The canonical form (E.164).
    pub canonical: String,
    /// The rule by which the text was read.
    pub read_as: String,
    /// The country code.
    pub calling_code: u16,
    /// The regions of the country code that have the number in their plan (ISO
    /// 3166-1, `001` for codes of no country).
    pub regions: Vec<String>,
    /// What the numbering plans say: `valid`, `invalid` or `not_allowed` (it
    /// charges the sender).
    pub plan: String,
    /// Whether the plan has it as a mobile number; `None` if that is unclear.
    pub mobile: Option<bool>,
    /// The prefix in `numbers.own` that it has; `None` also if that is empty, which
    /// makes every number the operator's own.
    pub own: Option<String>,
    /// The prefix in `numbers.valid` that it has.
    pub valid: Option<String>,
    /// The prefix in `numbers.barred` that it has.
    pub barred: Option<String>,
    /// What follows from all of that: as `plan`, `foreign` or `blocked`.
    pub assessment: String,
}

/// What a channel has for a number.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelFacts {
    /// Its name.
    pub name: String,
    /// Whether it is revoked.
    pub revoked: bool,
    /// Whether its calling codes include the number's; `None` without a number.
    pub calling_code_allowed: Option<bool>,
    /// What is left for the number; `None` without a number.
    pub limits: Option<LimitFacts>,
}

/// What the limits of a channel leave for a number now. Times are milliseconds of
/// Unix time.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LimitFacts {
    /// Codes that can be sent to the number, without the resend interval.
    pub sends_left: u32,
    /// Wrong codes until the guesses are used up.
    pub guesses_left: u32,
    /// Sends that are left of the channel's spend limit; `None` without one.
    pub spend_left: Option<u32>,
    /// Consecutive failures.
    pub failures: u16,
    /// Until when the number is locked.
    pub locked_until_ms: Option<u64>,
    /// When the resend interval ends.
    pub resend_at_ms: Option<u64>,
    /// Whether a code is live.
    pub live: bool,
}

/// What an explanation depends on beside the store.
pub struct Rules<'a> {
    /// The operator's rules for numbers.
    pub numbers: &'a NumbersConfig,
    /// Where messages go.
    pub route: Option<&'a str>,
    /// The header's time of the last restore.
    pub restored_at_ms: Option<u64>,
    /// Whether the store is closed.
    pub is_store_closed: bool,
    /// What administrators have stopped.
    pub cut_offs: Arc<CutOffs>,
}

/// Explains a number.
///
/// # Errors
/// [`Failure`] for a channel that does not exist, and when the store cannot be
/// read.
pub fn explain(
    store: Option<(&impl Store, &Keyring)>,
    rules: &Rules<'_>,
    question: &NumberQuestion,
) -> Result<Explanation, Failure> {
    let channel = match (&question.channel, store) {
        (None, _) => None,
        (Some(name), Some((store, keyring))) => Some(channel(store, keyring, name)?),
        (Some(_), None) => return Err(Failure::new("a channel requires a store")),
    };
    let country = match &channel {
        Some(channel) => channel.settings().country,
        None => question.country.map(CallingCode::new).transpose()?,
    };
    let mut explanation = Explanation {
        would_send: false,
        reason: Some(Reason::InvalidNumber.name().to_owned()),
        retry_at_ms: None,
        error: None,
        number: None,
        country: country.map(CallingCode::get),
        number_table: TABLE_VERSION,
        channel: channel.as_ref().map(channel_facts),
        route: rules.route.map(str::to_owned),
    };
    let (number, reading) = match PhoneNumber::parse_explained(&question.text, country) {
        Ok(read) => read,
        Err(error) => {
            explanation.error = Some(error.to_string());
            return Ok(explanation);
        }
    };
    let assessment = rules.numbers.assess(&number);
    explanation.number = Some(number_facts(rules.numbers, number, reading));
    let refusal = match (&channel, store) {
        (Some(channel), Some((store, keyring))) => {
            let load = |key: &_| store.load(Kind::State, key);
            let at = PreviewAt {
                now_ms: clock::now_ms(),
                restored_at_ms: rules.restored_at_ms,
                cut_offs: &rules.cut_offs,
            };
            let preview = SendPreview::of(channel, keyring, (number, assessment), load, at)?;
            let policy = channel.settings().policy.settings();
            let allowed = policy.calling_codes.allows(number.calling_code());
            if let Some(facts) = &mut explanation.channel {
                facts.calling_code_allowed = Some(allowed);
                facts.limits = Some(limits(&preview.standing, preview.spend_left));
            }
            preview.refusal
        }
        _ => SendPreview::refused_by(number, assessment, &rules.cut_offs, clock::now_ms()),
    };
    let closed = (Reason::StoreClosed, None);
    let refusal = if rules.is_store_closed {
        Some(closed)
    } else {
        refusal
    };
    explanation.would_send = refusal.is_none();
    explanation.reason = refusal.map(|(reason, _)| reason.name().to_owned());
    explanation.retry_at_ms = refusal.and_then(|(_, retry_at_ms)| retry_at_ms);
    Ok(explanation)
}

fn channel(store: &impl Store, keyring: &Keyring, name: &str) -> Result<Channel, Failure> {
    let key = Channel::store_key(keyring, name);
    let value = store.load(Kind::Document, &key)?;
    // The name is not repeated: a credential may have been typed in its stead.
    let value = value.ok_or_else(|| Failure {
        message: "channel not found".to_owned(),
        ..Error::TenantMissing.into()
    })?;
    Ok(Channel::open(keyring, &key, &value)?)
}

fn channel_facts(channel: &Channel) -> ChannelFacts {
    ChannelFacts {
        name: channel.settings().name.clone(),
        revoked: channel.is_revoked(),
        calling_code_allowed: None,
        limits: None,
    }
}

fn number_facts(rules: &NumbersConfig, number: PhoneNumber, reading: Reading) -> NumberFacts {
    let plan = assess::assess(&number);
    NumberFacts {
        canonical: number.as_str().to_owned(),
        read_as: read_as(reading).to_owned(),
        calling_code: number.calling_code().get(),
        regions: assess::regions(&number),
        plan: assessed(plan).to_owned(),
        mobile: match plan {
            Assessment::Valid { mobile } => mobile,
            _ => None,
        },
        own: rules.own_prefix(&number).map(str::to_owned),
        valid: rules.valid_prefix(&number).map(str::to_owned),
        barred: rules.barred_prefix(&number).map(str::to_owned),
        assessment: assessed(rules.assess(&number)).to_owned(),
    }
}

fn limits(standing: &Standing, spend_left: Option<u32>) -> LimitFacts {
    LimitFacts {
        sends_left: standing.sends_left,
        guesses_left: standing.guesses_left,
        spend_left,
        failures: standing.failures,
        locked_until_ms: standing.locked_until_ms,
        resend_at_ms: standing.resend_at_ms,
        live: standing.is_live,
    }
}

const fn assessed(assessment: Assessment) -> &'static str {
    match assessment {
        Assessment::Valid { .. } => "valid",
        Assessment::Invalid => "invalid",
        Assessment::NotAllowed => "not_allowed",
        Assessment::Blocked => "blocked",
        Assessment::Foreign => "foreign",
        _ => "unknown",
    }
}

/// The name of a rule.
const fn read_as(reading: Reading) -> &'static str {
    match reading {
        Reading::International => "international",
        Reading::Bare => "international without + or 00",
        Reading::InternationalDropped => "international, a national prefix was dropped",
        Reading::InternationalMoved => "international, a prefix was moved",
        Reading::National => "national",
        Reading::TrunkDropped => "national, the trunk prefix was dropped",
        Reading::Moved => "national, a prefix was moved",
        _ => "by another rule",
    }
}
