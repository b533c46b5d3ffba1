//! What guesses come to.

use maud::{Markup, html};
use mpass_core::service::settings::Values;

use crate::portal::pages::reader::Reader;

/// What the guesses of a day come to, in a sentence; nothing for settings that are not
/// valid.
pub(super) fn guesses(reader: Reader, values: &Values) -> Markup {
    const DAY_MS: u64 = 24 * 3_600_000;
    let Ok(policy) = values.policy() else {
        return html! {};
    };
    let settings = policy.settings();
    let attempts = settings.guesses.most_in(DAY_MS);
    let chance = policy.guess_probability_per_day();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of codes, far below 2^52"
    )]
    let one_in = (1.0 / chance).round() as u64;
    let values: [(&str, &dyn maud::Render); 3] = [
        ("guesses", &reader.n(attempts)),
        ("digits", &reader.n(settings.digits.get())),
        ("one_in", &reader.n(one_in)),
    ];
    html! { p.sentence { (reader.fill("guesses.sentence", &values)) } }
}
