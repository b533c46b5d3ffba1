//! What a Rust file says, read token by token, so that comments and texts
//! cannot be taken for code.

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// What the layout rules ask of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The lines with the keyword `unsafe`.
    pub(super) unsafe_lines: Vec<usize>,
    /// What is used by a path from the crate's root: line and first name.
    pub(super) crate_uses: Vec<(usize, String)>,
}

/// Reads a file that stands `depth` modules below its crate's root.
pub(super) fn read(text: &str, depth: usize) -> Result<Facts> {
    let tokens: TokenStream = text.parse().map_err(|error| anyhow!("{error}"))?;
    let mut facts = Facts::default();
    facts.walk(tokens, depth);
    Ok(facts)
}

impl Facts {
    fn walk(&mut self, tokens: TokenStream, depth: usize) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        // How many modules below the root the next braces stand.
        let mut inner = depth;
        let mut index = 0;
        while let Some(token) = tokens.get(index) {
            index += 1;
            match token {
                TokenTree::Group(group) => {
                    self.walk(group.stream(), inner);
                    inner = depth;
                }
                TokenTree::Ident(word) if word == "unsafe" => {
                    self.unsafe_lines.push(line(word));
                }
                TokenTree::Ident(word) if word == "mod" => inner = depth + 1,
                TokenTree::Ident(word) if word == "crate" || word == "super" => {
                    index = self.path(&tokens, index - 1, depth);
                }
                TokenTree::Punct(mark) if mark.as_char() == ';' => inner = depth,
                _ => {}
            }
        }
    }

    /// Notes the path that begins at `place` if it leads to the crate's root;
    /// returns the place after the words that it has looked at.
    fn path(&mut self, tokens: &[TokenTree], mut index: usize, depth: usize) -> usize {
        let mut above = depth;
        while let Some(TokenTree::Ident(word)) = tokens.get(index) {
            match word.to_string().as_str() {
                "crate" => above = 0,
                "super" => above = above.saturating_sub(1),
                _ => break,
            }
            index += 1;
            if !is_path_mark(tokens.get(index)) || !is_path_mark(tokens.get(index + 1)) {
                return index;
            }
            index += 2;
        }
        match tokens.get(index) {
            Some(TokenTree::Ident(word)) if above == 0 => {
                self.crate_uses.push((line(word), word.to_string()));
                index + 1
            }
            Some(TokenTree::Group(group))
                if above == 0 && group.delimiter() == Delimiter::Brace =>
            {
                self.names(group.stream());
                index + 1
            }
            _ => index,
        }
    }

    /// Notes the first name of each part of `{a, b::c, d::{e, f}}`.
    fn names(&mut self, tokens: TokenStream) {
        let mut first = true;
        for token in tokens {
            match token {
                TokenTree::Ident(word) if first => {
                    self.crate_uses.push((line(&word), word.to_string()));
                    first = false;
                }
                TokenTree::Punct(mark) if mark.as_char() == ',' => first = true,
                _ => {}
            }
        }
    }
}

fn is_path_mark(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(mark)) if mark.as_char() == ':')
}

fn line(word: &Ident) -> usize {
    word.span().start().line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(text: &str, depth: usize) -> Vec<String> {
        let facts = read(text, depth).unwrap();
        facts.crate_uses.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn paths_from_the_root_are_seen() {
        assert_eq!(uses("use crate::oath::Key;", 2), ["oath"]);
        assert_eq!(
            uses("use crate::{Error, kernel::{hash, Digest}, number};", 2),
            ["Error", "kernel", "number"]
        );
        assert_eq!(
            uses("fn f() -> crate::oath::Key { crate::number::x() }", 1),
            ["oath", "number"]
        );
        assert_eq!(uses("m!($crate::service::X)", 1), ["service"]);
    }

    #[test]
    fn paths_upwards_are_followed() {
        assert_eq!(uses("use super::Digits;", 2), [""; 0]);
        assert_eq!(uses("use super::Digits;", 1), ["Digits"]);
        assert_eq!(uses("use super::super::service::X;", 2), ["service"]);
        assert_eq!(uses("mod tests { use super::super::Key; }", 2), [""; 0]);
        assert_eq!(uses("mod a; mod b { use super::super::Key; }", 1), ["Key"]);
    }

    #[test]
    fn comments_texts_and_visibilities_are_no_uses() {
        let text =
            "//! [`crate::service`]\n/// unsafe\npub(crate) fn f() { \"unsafe crate::oath\"; }";
        assert_eq!(read(text, 1).unwrap(), Facts::default());
        assert_eq!(read("#![deny(unsafe_code)]", 0).unwrap(), Facts::default());
    }

    #[test]
    fn unsafe_is_seen_where_it_stands() {
        let text = "fn f() {\n    unsafe { g() }\n}\n#[unsafe(no_mangle)]\nfn h() {}";
        assert_eq!(read(text, 0).unwrap().unsafe_lines, [2, 4]);
    }
}
