//! Where somebody goes after the sign-in: only to a page of this portal.

/// The longest path, in bytes.
const LONGEST: usize = 512;
/// Without a page of their own choice.
const START: &str = "/";

/// A path of this portal, with its query. A text that leads elsewhere, or that
/// browsers read in different ways, becomes the start page.
pub(crate) fn own(text: &str) -> &str {
    match is_own(text) {
        true => text,
        false => START,
    }
}

fn is_own(text: &str) -> bool {
    // Browsers drop tabs and line ends, and read a backslash as a slash (WHATWG URL,
    // "basic URL parser"): two slashes begin a host.
    let is_plain = |byte: u8| (b'!'..=b'~').contains(&byte) && byte != b'\\';
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let of_sign_in = ["/signin", "/signout", "/admin"];
    let leads_back = |prefix: &str| {
        let rest = path.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    text.len() <= LONGEST
        && text.starts_with('/')
        && !text.starts_with("//")
        && text.bytes().all(is_plain)
        && !of_sign_in.iter().any(|prefix| leads_back(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_this_portal() {
        for path in [
            "/",
            "/session/password",
            "/channels",
            "/channels/a?page=2&x=//y#z",
            "/signing",
        ] {
            assert_eq!(own(path), path);
        }
    }

    #[test]
    fn anywhere_else_is_the_start_page() {
        let long = format!("/{}", "a".repeat(LONGEST));
        for text in [
            "",
            "channels",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "/ /evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=y",
            "/é",
            "/\u{0}",
            // It would sign out, or lead in a circle.
            "/signin",
            "/signin?next=/signin",
            "/signin/provider",
            "/signout",
            "/admin/v1/channels",
            &long,
        ] {
            assert_eq!(own(text), "/", "{text:?}");
        }
    }
}
