//! The status that every fallible call returns.

use core::ffi::{CStr, c_char};

pub use crate::lists::mpass_status;
use crate::lists::texts;

/// Returns the meaning of a status in English, as NUL-terminated ASCII. The
/// text stays valid as long as the library is loaded; the caller must not free
/// it. Never NULL: for an unknown status, returns the text of
/// `MPASS_STATUS_UNKNOWN`. The texts contain no secrets, codes or phone
/// numbers. Threads: any.
#[unsafe(no_mangle)]
pub extern "C" fn mpass_status_text(status: i32) -> *const c_char {
    let text = |status: i32| -> Option<&CStr> {
        let found = texts().binary_search_by_key(&status, |(number, _)| *number);
        found.ok().map(|index| texts()[index].1)
    };
    text(status)
        .or_else(|| text(mpass_status::Unknown as i32))
        .unwrap_or_default()
        .as_ptr()
}

#[cfg(test)]
mod tests {
    use mpass_core::Error;

    use super::*;

    fn text(status: i32) -> &'static str {
        // SAFETY: the texts are static and end in NUL.
        let text = unsafe { CStr::from_ptr(mpass_status_text(status)) };
        text.to_str().unwrap()
    }

    #[test]
    fn every_core_error_has_its_number_and_text() {
        for error in Error::ALL {
            let status = mpass_status::from(*error);
            assert_eq!(status as i32, i32::from(error.number()), "{error:?}");
            let (own, core) = (text(status as i32), error.to_string());
            assert_eq!(without_names(own), without_names(&core));
        }
    }

    /// Names of functions differ between the languages.
    fn without_names(text: &str) -> String {
        text.split('`').step_by(2).collect()
    }

    #[test]
    fn a_short_secret_names_the_function_of_c() {
        let text = text(mpass_status::SecretTooShort as i32);
        assert!(text.contains("`mpass_key_new_allowing_short`"), "{text}");
    }

    #[test]
    fn every_status_has_its_own_text() {
        for (status, own) in texts() {
            assert_eq!(text(*status), own.to_str().unwrap());
        }
        for unknown in [-1, 100, 599, i32::MAX, i32::MIN] {
            assert_eq!(text(unknown), text(mpass_status::Unknown as i32));
        }
    }
}
