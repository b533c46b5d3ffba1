//! The form of host names.

/// Whether a text is a host name in canonical form: 1 to 253 lower-case
/// letters, digits, hyphens and dots, in labels of 1 to 63 characters (RFC
/// 1123). Internationalised names are in their ASCII form (A-labels).
pub(crate) fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names() {
        for host in [
            "", "a..b", "-a.b", "a-.b", "A.b", "a b", "a/b", "a.b ", "a.b.",
        ] {
            assert!(!is_host_name(host), "{host:?}");
        }
        for host in [
            "login.example.com",
            "localhost",
            "xn--bcher-kva.example",
            "a-b.c",
        ] {
            assert!(is_host_name(host), "{host:?}");
        }
        let label = "a".repeat(63);
        assert!(is_host_name(&label));
        assert!(!is_host_name(&std::format!("{label}a")));
        let longest = std::format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert!(is_host_name(&longest));
        assert!(!is_host_name(&std::format!("{longest}a")));
    }
}
