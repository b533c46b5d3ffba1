//! Names and prose, from how Rust writes them to how others do.

/// `InvalidBase32` or `lifetime_ms` as `INVALID_BASE32`, `LIFETIME_MS`.
pub(super) fn constant(name: &str) -> String {
    let mut constant = String::new();
    let mut before = '_';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before != '_' && !before.is_ascii_uppercase() {
            constant.push('_');
        }
        constant.push(letter.to_ascii_uppercase());
        before = letter;
    }
    constant
}

/// `lifetime_ms` as `lifetimeMs`.
pub(super) fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |camel, part| {
        let (head, tail) = part.split_at(part.len().min(1));
        camel + &head.to_ascii_uppercase() + tail
    })
}

/// The paragraphs of a doc comment, each in one line, rustdoc's links as plain
/// code.
pub(super) fn paragraphs(doc: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in doc.lines().map(str::trim) {
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.iter().map(|text| unlinked(text)).collect()
}

/// A doc comment in one line.
pub(super) fn line(doc: &str) -> String {
    paragraphs(doc).join(" ")
}

/// ``[`Link`]`` and ``[`Link`](target)`` as `` `Link` ``.
fn unlinked(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, linked)) = rest.split_once("[`") {
        plain.push_str(before);
        let Some((code, after)) = linked.split_once("`]") else {
            return plain + "[`" + linked;
        };
        plain.push('`');
        plain.push_str(code);
        plain.push('`');
        let target = after
            .strip_prefix('(')
            .and_then(|target| target.split_once(')'));
        rest = target.map_or(after, |(_, after)| after);
    }
    plain + rest
}

/// A language that the texts of errors are written for.
#[derive(Clone, Copy)]
pub(super) enum Language {
    C,
    Java,
    JavaScript,
}

/// The names of functions and options in the texts of errors, in Rust, C, Java and
/// JavaScript.
const SPELLINGS: &[[&str; 4]] = &[[
    "`Key::new_allowing_short`",
    "`mpass_key_new_allowing_short`",
    "`allowingShort`",
    "`allowShort: true`",
]];

/// The text of an error with the names of another language.
pub(super) fn spelled(text: &str, language: Language) -> String {
    SPELLINGS
        .iter()
        .fold(text.to_owned(), |text, [rust, c, java, javascript]| {
            let name = match language {
                Language::C => c,
                Language::Java => java,
                Language::JavaScript => javascript,
            };
            text.replace(rust, name)
        })
}

/// Lines of at most `width` characters, broken at spaces outside of code.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut is_code = false;
    for word in text.split(' ') {
        let length = |line: &str| line.chars().count();
        match lines.last_mut() {
            Some(last) if is_code || length(last) + 1 + length(word) <= width => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(word);
            }
            Some(last) if last.is_empty() => last.push_str(word),
            _ => lines.push(word.to_owned()),
        }
        is_code ^= word.matches('`').count() % 2 == 1;
    }
    lines
}

/// The paragraphs of a doc comment as lines behind a mark such as `/// `.
pub(super) fn comment(mark: &str, doc: &str, width: usize) -> String {
    let lines: Vec<String> = paragraphs(doc)
        .iter()
        .map(|paragraph| {
            let lines = wrapped(paragraph, width.saturating_sub(mark.len()));
            let marked = lines.iter().map(|line| format!("{mark}{line}\n"));
            marked.collect()
        })
        .collect();
    lines.join(&format!("{}\n", mark.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_their_case() {
        assert_eq!(constant("InvalidBase32"), "INVALID_BASE32");
        assert_eq!(constant("lifetime_ms"), "LIFETIME_MS");
        assert_eq!(camel("failures_to_lock"), "failuresToLock");
        assert_eq!(camel("digits"), "digits");
    }

    #[test]
    fn every_name_in_an_error_has_its_spellings() {
        for error in mpass_core::Error::ALL {
            let text = error.to_string();
            for code in text.split('`').skip(1).step_by(2) {
                let code = format!("`{code}`");
                let spellings = SPELLINGS.iter().find(|[rust, ..]| *rust == code);
                assert!(spellings.is_some(), "{error:?}: {code}");
            }
        }
        let text = mpass_core::Error::SecretTooShort.to_string();
        assert!(spelled(&text, Language::C).contains("mpass_key_new_allowing_short"));
        assert!(spelled(&text, Language::Java).contains("`allowingShort`"));
        assert!(spelled(&text, Language::JavaScript).contains("`allowShort: true`"));
    }

    #[test]
    fn docs_are_plain_lines() {
        let doc = " It is [`A::B`], not\n [`C`](crate::C).\n\n More.\n";
        assert_eq!(paragraphs(doc), ["It is `A::B`, not `C`.", "More."]);
        let lines = "/// It is\n/// `A::B`,\n/// not `C`.\n///\n/// More.\n";
        assert_eq!(comment("/// ", doc, 14), lines);
        assert_eq!(wrapped("a `b c d` e", 3), ["a", "`b c d`", "e"]);
    }
}
