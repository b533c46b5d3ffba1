//! Parts of pages that several screens have.

use maud::{Markup, Render, html};

use super::fault::Faults;
use super::reader::Reader;
use super::refused::CODE;
use super::visit::Visit;
use crate::gateway::OUTBOX;

/// A field of a form, with its label, its hint and its fault.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    pub(super) hint: &'a str,
    pub(super) value: &'a str,
    pub(super) kind: Kind<'a>,
    pub(super) is_required: bool,
    /// Whether the value is one of a machine: from left to right in every language.
    pub(super) is_code: bool,
    pub(super) autocomplete: &'a str,
}

/// The kind of a field.
#[derive(Clone, Copy)]
pub(super) enum Kind<'a> {
    /// One line, of a type of HTML.
    Line(&'a str),
    /// Several lines, so many shown.
    Lines(usize),
    /// Yes or no.
    Check,
    /// One of these: values with their texts.
    Choice(&'a [(String, String)]),
}

impl<'a> Input<'a> {
    /// A line of text.
    pub(super) const fn new(name: &'a str, label: &'a str) -> Self {
        Self {
            name,
            label,
            hint: "",
            value: "",
            kind: Kind::Line("text"),
            is_required: false,
            is_code: false,
            autocomplete: "off",
        }
    }

    /// The field, its hint and its fault, which belong to it for screen readers.
    pub(super) fn show(&self, faults: &Faults) -> Markup {
        let fault = faults.of(self.name);
        let id = format!("f-{}", self.name);
        let (hint_id, fault_id) = (format!("{id}-hint"), format!("{id}-fault"));
        let mut described = Vec::new();
        if fault.is_some() {
            described.push(fault_id.as_str());
        }
        if !self.hint.is_empty() {
            described.push(hint_id.as_str());
        }
        let described = (!described.is_empty()).then(|| described.join(" "));
        let is_wrong = fault.is_some().then_some("true");
        let label = html! {
            label for=(id) {
                (self.label)
                @if self.is_required { span.need aria-hidden="true" { " *" } }
            }
        };
        let dir = self.is_code.then_some("ltr");
        html! {
            div.field.wrong[is_wrong.is_some()].check[matches!(self.kind, Kind::Check)] {
                @match self.kind {
                    Kind::Line(kind) => {
                        (label)
                        input id=(id) name=(self.name) type=(kind) value=(self.value) dir=[dir]
                            required[self.is_required] autocomplete=(self.autocomplete)
                            aria-describedby=[described] aria-invalid=[is_wrong];
                    }
                    Kind::Lines(rows) => {
                        (label)
                        // The parser of HTML drops a first line feed.
                        textarea id=(id) name=(self.name) rows=(rows) dir=[dir.or(Some("auto"))]
                            required[self.is_required] autocomplete="off" spellcheck="false"
                            aria-describedby=[described] aria-invalid=[is_wrong] {
                            "\n" (self.value)
                        }
                    }
                    Kind::Check => {
                        input id=(id) name=(self.name) type="checkbox" value="true"
                            checked[self.value == "true"]
                            aria-describedby=[described] aria-invalid=[is_wrong];
                        (label)
                    }
                    Kind::Choice(all) => {
                        (label)
                        select id=(id) name=(self.name) aria-describedby=[described] aria-invalid=[is_wrong] {
                            @for (value, text) in all {
                                option value=(value) selected[value == self.value] { (text) }
                            }
                        }
                    }
                }
                @if let Some(fault) = fault { p.fault id=(fault_id) { (fault) } }
                @if !self.hint.is_empty() { p.hint id=(hint_id) { (self.hint) } }
            }
        }
    }
}

/// What is wrong with a form as a whole, and that something is.
pub(super) fn summary(reader: Reader, faults: &Faults) -> Markup {
    html! {
        @if !faults.is_empty() {
            div.notice.bad role="alert" {
                @match faults.of_whole() {
                    Some(whole) => { (whole) }
                    None => { (reader.t("form.faults")) }
                }
            }
        }
    }
}

/// The field for a code, where the second factor is not fresh.
pub(super) fn code(visit: &Visit, faults: &Faults) -> Markup {
    if visit.is_fresh() && faults.of(CODE).is_none() {
        return html! {};
    }
    let input = Input {
        hint: visit.reader.t("code.hint"),
        is_required: true,
        is_code: true,
        autocomplete: "one-time-code",
        ..Input::new(CODE, visit.reader.t("code.label"))
    };
    html! { div.code { (input.show(faults)) } }
}

/// A table whose rows become cards on a narrow screen. The first cell names its row.
pub(super) fn table(caption: &str, heads: &[&str], rows: &[Vec<Markup>]) -> Markup {
    // Browsers drop the roles of parts that are no table to the style sheet.
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.cards role="table" {
                caption.hidden { (caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for head in heads { th scope="col" role="columnheader" { (head) } }
                    }
                }
                tbody role="rowgroup" {
                    @for row in rows {
                        tr role="row" {
                            @for (at, (cell, head)) in row.iter().zip(heads).enumerate() {
                                @if at == 0 {
                                    th scope="row" role="rowheader" { (cell) }
                                } @else {
                                    td role="cell" data-label=(head) { div { (cell) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a list shows while it is empty: what it is for, and what to do first.
pub(super) fn empty(title: &str, what: &str, first: Option<(&str, &str)>) -> Markup {
    html! {
        div.empty {
            h2 { (title) }
            p { (what) }
            @if let Some((path, text)) = first {
                a.button.main href=(path) { (text) }
            }
        }
    }
}

/// A text with a button that copies it.
pub(crate) fn copied(reader: Reader, id: &str, text: &str) -> Markup {
    html! {
        div.copied {
            code id=(id) dir="ltr" { (text) }
            button.copy type="button" hidden data-copy=(id) { (reader.t("copy")) }
        }
    }
}

/// A notice after something was done, by its name in the query.
pub(super) fn notice(reader: Reader, query: &str) -> Markup {
    let name = value(query, "done");
    let text = name.and_then(|name| reader.find(&format!("done.{name}")));
    html! {
        @if let Some(text) = text { p.notice.good role="status" { (text) } }
    }
}

/// A value of a query.
pub(super) fn value(query: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, value) = pairs.find(|(known, value)| known == name && !value.is_empty())?;
    Some(value.into_owned())
}

/// A text as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Rows of terms and what they are.
pub(super) fn facts(rows: &[(&str, Markup)]) -> Markup {
    html! {
        dl.facts {
            @for (term, what) in rows {
                div { dt { (term) } dd { (what) } }
            }
        }
    }
}

/// A word in a colour.
pub(super) fn badge(class: &str, text: &str) -> Markup {
    html! { span class=(format!("badge {class}")) { (text) } }
}

/// The way to the next page of a list.
pub(super) fn pager(reader: Reader, first: Option<&str>, next: Option<&str>) -> Markup {
    html! {
        @if first.is_some() || next.is_some() {
            nav.pager aria-label=(reader.t("page.label")) {
                @if let Some(first) = first { a.button href=(first) { (reader.t("page.first")) } }
                @if let Some(next) = next { a.button rel="next" href=(next) { (reader.t("page.next")) } }
            }
        }
    }
}

/// A name of a machine, which keeps its direction.
pub(super) fn name(text: impl Render) -> Markup {
    html! { bdi.name dir="ltr" { (text) } }
}

/// Where messages go: one gateway, or those that are tried one after the other.
pub(super) fn routes(reader: Reader, routes: &str) -> Markup {
    html! {
        @for route in routes.split(", then ") {
            div {
                @if route == OUTBOX { (reader.t("key.demo.page")) } @else { (name(route)) }
            }
        }
    }
}

/// A line of text in front of the sign-in.
pub(crate) fn text_field(reader: Reader, name: &str, label: &str, autocomplete: &str) -> Markup {
    let input = Input {
        is_required: true,
        is_code: true,
        autocomplete,
        ..Input::new(name, reader.t(label))
    };
    input.show(&Faults::default())
}

/// A password.
pub(crate) fn password_field(
    reader: Reader,
    name: &str,
    label: &str,
    autocomplete: &str,
) -> Markup {
    let label = reader.words(label);
    let input = Input {
        is_required: true,
        is_code: true,
        kind: Kind::Line("password"),
        autocomplete,
        ..Input::new(name, &label)
    };
    input.show(&Faults::default())
}

/// A text of the catalogue whose value is a name: without the element around it, to be
/// escaped again.
pub(super) fn plain(markup: &str) -> String {
    markup
        .replace("<bdi>", "\u{2068}")
        .replace("</bdi>", "\u{2069}")
}
