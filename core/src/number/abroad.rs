//! Prefixes for calls abroad other than `00`.
//!
//! The list is from the metadata of libphonenumber 9.0.43 (`internationalPrefix`),
//! with the carriers' prefixes of Indonesia and Japan and the `8~10` that the
//! successors of the Soviet Union had. Prefixes that begin with 0 in countries whose
//! national numbers never do, such as the 011 of the North American plan, are
//! omitted: numbers with them are refused anyway.

/// The code of a country and its prefixes. A dot is any digit.
type Prefixes = (u16, &'static [&'static str]);

/// In ascending order of the code.
#[rustfmt::skip]
const PREFIXES: &[Prefixes] = &[
    (7, &["810"]),
    (51, &["191100", "191200", "191400", "197700", "199000"]),
    (53, &["119"]),
    (55, &[
        "0012", "0014", "0015", "0021", "0022", "0023", "0025", "0031", "0041", "0043",
        "0055", "0065", "0099",
    ]),
    (56, &["11.0", "12.0", "15.0", "1690", "17.0", "18.0"]),
    (57, &["005", "007", "009", "00414", "00444", "00456"]),
    (61, &["001", "14..0011"]),
    (62, &["001", "007", "008", "009"]),
    (64, &["0161"]),
    (65, &["00."]),
    (66, &["00."]),
    (81, &["010", "0033010", "0061010"]),
    (82, &[
        "001", "002", "005", "006", "008", "009", "00345", "00365", "00391", "00700",
        "00727", "0073", "00755", "00761", "00762", "00766",
    ]),
    (86, &["11...00", "12...00", "179..00"]),
    (234, &["009"]),
    (235, &["16"]),
    (255, &["005", "006"]),
    (256, &["005", "007"]),
    (354, &["1001", "1010", "1020", "1100"]),
    (358, &["990", "991", "994", "996", "999", "995.."]),
    (370, &["810"]),
    (373, &["810"]),
    (374, &["810"]),
    (375, &["810"]),
    (380, &["810"]),
    (386, &["1022", "1066", "1088", "1099"]),
    (591, &["001."]),
    (592, &["001"]),
    (598, &["013.", "014.", "015.", "016.", "017.", "018.", "019."]),
    (675, &["1401", "1402", "1403"]),
    (850, &["99"]),
    (852, &["001", "002", "0030", "0050", "0059", "006", "007", "008", "009"]),
    (855, &["001", "004", "005", "006", "007", "008", "009"]),
    (886, &["002", "005", "006", "007", "009", "019"]),
    (972, &["0105", "012", "013", "014", "015", "016", "017", "018", "019"]),
    (976, &["001"]),
    (992, &["810"]),
    (993, &["810"]),
    (994, &["810"]),
    (995, &["810"]),
    (996, &["810"]),
    (998, &["810"]),
];

/// What follows a prefix for calls abroad of a country, once for each prefix that
/// the digits begin with.
pub(super) fn after_prefixes(code: u16, digits: &[u8]) -> impl Iterator<Item = &[u8]> {
    let index = PREFIXES.binary_search_by_key(&code, |(code, _)| *code);
    let prefixes = index.ok().and_then(|index| PREFIXES.get(index));
    let prefixes = prefixes.map_or(&[][..], |(_, prefixes)| *prefixes);
    prefixes.iter().filter_map(move |prefix| {
        let (front, rest) = digits.split_at_checked(prefix.len())?;
        let mut pairs = prefix.bytes().zip(front);
        let begins = pairs.all(|(listed, digit)| listed == b'.' || listed == *digit);
        begins.then_some(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::CallingCode;

    #[test]
    fn ascending_codes_in_service() {
        assert!(PREFIXES.is_sorted_by_key(|(code, _)| *code));
        for (code, _) in PREFIXES {
            assert!(CallingCode::new(*code).is_ok(), "{code}");
        }
    }

    #[test]
    fn a_dot_is_any_digit() {
        let rests = |code, text: &'static str| {
            let rests = after_prefixes(code, text.as_bytes());
            rests.map(<[u8]>::to_vec).collect::<std::vec::Vec<_>>()
        };
        assert_eq!(rests(66, "00912"), [b"12"]);
        assert_eq!(rests(61, "1441001144"), [b"44"]);
        assert_eq!(rests(358, "99511"), [b""]);
        assert!(rests(66, "0").is_empty());
        assert!(rests(44, "00912").is_empty());
    }
}
