//! Country codes, and the parts of their numbering plans that parsing needs.
//!
//! The codes are those in service from the ITU's list of assigned country codes
//! (ITU-T E.164). Trunk prefixes and lengths of numbers are from the metadata of
//! libphonenumber 9.0.43; tests compare what is read with it. Codes that are
//! assigned but unused are omitted (379 of the Vatican).

use Trunk::{Eight, EightZero, None, One, Zero, ZeroSix};

/// The trunk prefix, dialled before a national number within its country.
#[derive(Clone, Copy)]
pub(super) enum Trunk {
    None,
    Zero,
    One,
    Eight,
    EightZero,
    ZeroSix,
}

impl Trunk {
    pub(super) const fn digits(self) -> &'static [u8] {
        match self {
            None => b"",
            Zero => b"0",
            One => b"1",
            Eight => b"8",
            EightZero => b"80",
            ZeroSix => b"06",
        }
    }
}

/// The numbering plan of a country code.
pub(super) struct Plan {
    pub(super) code: u16,
    pub(super) trunk: Trunk,
    /// Bit n is set if mobile numbers may have n digits after the country code.
    mobile_lengths: u16,
    /// The same for numbers of other kinds, up to 15 digits, if no mobile numbers
    /// have as many.
    other_lengths: u16,
}

impl Plan {
    /// Whether mobile numbers may have `digits` digits after the country code.
    pub(super) const fn has_mobile_length(&self, digits: usize) -> bool {
        digits < 16 && self.mobile_lengths >> digits & 1 == 1
    }

    /// Whether numbers of any kind may have `digits` digits after the country code.
    pub(super) const fn has_length(&self, digits: usize) -> bool {
        digits < 16 && (self.mobile_lengths | self.other_lengths) >> digits & 1 == 1
    }

    /// A set of numbers below 16, one bit for each.
    pub(super) const fn lengths(listed: &[u8]) -> u16 {
        let mut lengths = 0;
        let mut index = 0;
        while index < listed.len() {
            lengths |= 1 << listed[index];
            index += 1;
        }
        lengths
    }

    /// Whether the plan has a trunk prefix that begins with 0 and no national
    /// number that does.
    pub(super) fn trunk_begins_no_number(&self) -> bool {
        self.trunk.digits().starts_with(b"0") && !self.has_national_zeros()
    }

    /// Whether national numbers of the plan may begin with 0.
    pub(super) fn has_national_zeros(&self) -> bool {
        NATIONAL_ZEROS.contains(&self.code)
    }

    /// The plan of a country code.
    pub(super) fn find(code: u16) -> Option<&'static Self> {
        let index = PLANS.binary_search_by_key(&code, |plan| plan.code).ok()?;
        PLANS.get(index)
    }
}

const fn plan(code: u16, trunk: Trunk, mobile: &[u8], other: &[u8]) -> Plan {
    Plan {
        code,
        trunk,
        mobile_lengths: Plan::lengths(mobile),
        other_lengths: Plan::lengths(other),
    }
}

/// The plans whose fixed or mobile numbers may begin with 0 after the country
/// code, by the metadata of libphonenumber 9.0.43: Italy and the Vatican, Côte
/// d'Ivoire, Burkina Faso, Benin, Gabon, Congo, Rwanda, San Marino, Globalstar
/// and Iridium, Tajikistan.
const NATIONAL_ZEROS: [u16; 10] = [39, 225, 226, 229, 241, 242, 250, 378, 881, 992];

/// In ascending order of the code.
#[rustfmt::skip]
const PLANS: &[Plan] = &[
    plan(1, One, &[10], &[7]),
    plan(7, Eight, &[10], &[14]),
    plan(20, Zero, &[10], &[8, 9]),
    plan(27, Zero, &[5, 6, 7, 8, 9], &[10]),
    plan(30, None, &[10], &[11, 12]),
    plan(31, Zero, &[9, 11], &[5, 6, 7, 8, 10]),
    plan(32, Zero, &[9], &[8]),
    plan(33, Zero, &[9], &[]),
    plan(34, None, &[9], &[]),
    plan(36, ZeroSix, &[9], &[8]),
    plan(39, None, &[9, 10], &[6, 7, 8, 11, 12]),
    plan(40, Zero, &[9], &[6]),
    plan(41, Zero, &[9], &[12]),
    plan(43, Zero, &[7, 8, 9, 10, 11, 12, 13], &[4, 5, 6]),
    plan(44, Zero, &[10], &[7, 9]),
    plan(45, None, &[8], &[]),
    plan(46, Zero, &[9], &[6, 7, 8, 10, 12]),
    plan(47, None, &[8], &[5]),
    plan(48, None, &[9], &[6, 7, 8, 10]),
    plan(49, Zero, &[10, 11], &[4, 5, 6, 7, 8, 9, 12, 13, 14, 15]),
    plan(51, Zero, &[9], &[8]),
    plan(52, None, &[10], &[]),
    plan(53, Zero, &[8], &[6, 7, 10]),
    plan(54, Zero, &[10, 11], &[]),
    plan(55, Zero, &[10, 11], &[8, 9]),
    plan(56, None, &[9], &[10, 11]),
    plan(57, Zero, &[10], &[8, 11]),
    plan(58, Zero, &[10], &[]),
    plan(60, Zero, &[9, 10], &[8]),
    plan(61, Zero, &[9], &[5, 6, 7, 8, 10, 12]),
    plan(62, Zero, &[9, 10, 11, 12], &[7, 8, 13, 14, 15]),
    plan(63, Zero, &[10], &[6, 8, 9, 11, 12, 13]),
    plan(64, Zero, &[8, 9, 10], &[5, 6, 7]),
    plan(65, None, &[8], &[10, 11]),
    plan(66, Zero, &[9], &[8, 10, 13]),
    plan(81, Zero, &[10], &[8, 9, 11, 12, 13, 14, 15]),
    plan(82, Zero, &[9, 10], &[5, 6, 8, 11, 12, 13, 14]),
    plan(84, Zero, &[9], &[7, 8, 10]),
    plan(86, Zero, &[11], &[7, 8, 9, 10, 12]),
    plan(90, Zero, &[10], &[7, 12, 13]),
    plan(91, Zero, &[10], &[8, 9, 11, 12, 13]),
    plan(92, Zero, &[10], &[8, 9, 11, 12]),
    plan(93, Zero, &[9], &[]),
    plan(94, Zero, &[9], &[]),
    plan(95, Zero, &[7, 8, 9, 10], &[6]),
    plan(98, Zero, &[10], &[4, 5, 6, 7]),
    plan(211, Zero, &[9], &[]),
    plan(212, Zero, &[9], &[]),
    plan(213, Zero, &[9], &[8]),
    plan(216, None, &[8], &[]),
    plan(218, Zero, &[9], &[]),
    plan(220, None, &[7, 9], &[]),
    plan(221, None, &[9], &[]),
    plan(222, None, &[8], &[]),
    plan(223, None, &[8], &[]),
    plan(224, None, &[9], &[8]),
    plan(225, None, &[10], &[]),
    plan(226, None, &[8], &[]),
    plan(227, None, &[8], &[]),
    plan(228, None, &[8], &[]),
    plan(229, None, &[10], &[]),
    plan(230, None, &[8], &[7, 10]),
    plan(231, Zero, &[7, 9], &[8]),
    plan(232, Zero, &[8], &[]),
    plan(233, Zero, &[9], &[8]),
    plan(234, Zero, &[10], &[11, 12, 13, 14]),
    plan(235, None, &[8], &[]),
    plan(236, None, &[8], &[]),
    plan(237, None, &[9], &[8]),
    plan(238, None, &[7], &[]),
    plan(239, None, &[7], &[]),
    plan(240, None, &[9], &[]),
    plan(241, None, &[7, 8], &[]),
    plan(242, None, &[9], &[]),
    plan(243, Zero, &[7, 9], &[8, 10]),
    plan(244, None, &[9], &[]),
    plan(245, None, &[9], &[7]),
    plan(246, None, &[7], &[]),
    plan(247, None, &[5], &[6]),
    plan(248, None, &[7], &[]),
    plan(249, Zero, &[9], &[]),
    plan(250, Zero, &[9], &[8]),
    plan(251, Zero, &[9], &[]),
    plan(252, Zero, &[7, 8, 9], &[6]),
    plan(253, None, &[8], &[]),
    plan(254, Zero, &[9], &[7, 8, 10]),
    plan(255, Zero, &[9], &[]),
    plan(256, Zero, &[9], &[]),
    plan(257, None, &[8], &[]),
    plan(258, None, &[9], &[8]),
    plan(260, Zero, &[9], &[]),
    plan(261, Zero, &[9], &[]),
    plan(262, Zero, &[9], &[]),
    plan(263, Zero, &[9], &[7, 10]),
    plan(264, Zero, &[9], &[8]),
    plan(265, Zero, &[9], &[7]),
    plan(266, None, &[8], &[]),
    plan(267, None, &[8], &[7, 10]),
    plan(268, None, &[8], &[9]),
    plan(269, None, &[7], &[]),
    plan(290, None, &[5], &[4]),
    plan(291, Zero, &[7], &[]),
    plan(297, None, &[7], &[]),
    plan(298, None, &[6], &[]),
    plan(299, None, &[6], &[]),
    plan(350, None, &[8], &[]),
    plan(351, None, &[9], &[]),
    plan(352, None, &[9], &[4, 5, 6, 7, 8, 10, 11]),
    plan(353, Zero, &[9], &[7, 8, 10]),
    plan(354, None, &[7, 9], &[]),
    plan(355, Zero, &[9], &[6, 7, 8]),
    plan(356, None, &[8], &[]),
    plan(357, None, &[8], &[]),
    plan(358, Zero, &[6, 7, 8, 9, 10], &[5, 11, 12]),
    plan(359, Zero, &[8, 9], &[6, 7, 12]),
    plan(370, Zero, &[8], &[]),
    plan(371, None, &[8], &[]),
    plan(372, None, &[7, 8], &[10]),
    plan(373, Zero, &[8], &[]),
    plan(374, Zero, &[8], &[]),
    plan(375, EightZero, &[9], &[6, 7, 8, 10, 11]),
    plan(376, None, &[6, 9], &[8]),
    plan(377, Zero, &[8, 9], &[]),
    plan(378, None, &[8], &[10]),
    plan(380, Zero, &[9], &[10]),
    plan(381, Zero, &[8, 9, 10], &[6, 7, 11, 12]),
    plan(382, Zero, &[8], &[9]),
    plan(383, Zero, &[8], &[9, 10, 11, 12]),
    plan(385, Zero, &[8, 9], &[7]),
    plan(386, Zero, &[8], &[5, 6, 7]),
    plan(387, Zero, &[8, 9], &[]),
    plan(389, Zero, &[8], &[]),
    plan(420, None, &[9], &[10, 11, 12]),
    plan(421, Zero, &[9], &[6, 7]),
    plan(423, Zero, &[7, 9], &[]),
    plan(500, None, &[5], &[]),
    plan(501, None, &[7], &[11]),
    plan(502, None, &[8], &[11]),
    plan(503, None, &[8], &[7, 11]),
    plan(504, None, &[8], &[11]),
    plan(505, None, &[8], &[]),
    plan(506, None, &[8], &[10]),
    plan(507, None, &[7, 8], &[10, 11]),
    plan(508, Zero, &[6, 9], &[]),
    plan(509, None, &[8], &[]),
    plan(590, Zero, &[9], &[]),
    plan(591, Zero, &[8], &[9]),
    plan(592, None, &[7], &[]),
    plan(593, Zero, &[9], &[8, 10, 11]),
    plan(594, Zero, &[9], &[]),
    plan(595, Zero, &[9], &[6, 7, 8, 10, 11]),
    plan(596, Zero, &[9], &[]),
    plan(597, None, &[7], &[6]),
    plan(598, Zero, &[8], &[4, 5, 6, 7, 9, 10, 11, 12, 13]),
    plan(599, None, &[7, 8], &[]),
    plan(670, None, &[8], &[7]),
    plan(672, None, &[6], &[]),
    plan(673, None, &[7], &[]),
    plan(674, None, &[7], &[]),
    plan(675, None, &[8], &[7]),
    plan(676, None, &[7], &[5]),
    plan(677, None, &[5, 7], &[]),
    plan(678, None, &[7], &[5]),
    plan(679, None, &[7], &[11]),
    plan(680, None, &[7], &[]),
    plan(681, None, &[6], &[9]),
    plan(682, None, &[5], &[]),
    plan(683, None, &[4, 7], &[]),
    plan(685, None, &[7, 10], &[5, 6]),
    plan(686, Zero, &[8], &[5]),
    plan(687, None, &[6], &[]),
    plan(688, None, &[6, 7], &[5]),
    plan(689, None, &[8], &[6, 9]),
    plan(690, None, &[4, 5, 6, 7], &[]),
    plan(691, None, &[7], &[]),
    plan(692, One, &[7], &[]),
    plan(800, None, &[], &[8]),
    plan(808, None, &[], &[8]),
    plan(850, Zero, &[10], &[8]),
    plan(852, None, &[8], &[5, 6, 7, 9, 11]),
    plan(853, None, &[8], &[7]),
    plan(855, Zero, &[8, 9], &[10]),
    plan(856, Zero, &[9, 10], &[8]),
    plan(870, None, &[9, 12], &[]),
    plan(878, None, &[], &[12]),
    plan(880, Zero, &[10], &[6, 7, 8, 9]),
    plan(881, None, &[9, 10], &[]),
    plan(882, None, &[7, 8, 9, 10, 12], &[11]),
    plan(883, None, &[], &[8, 9, 10, 11, 12]),
    plan(886, Zero, &[9], &[7, 8, 10, 11]),
    plan(888, None, &[], &[11]),
    plan(960, None, &[7], &[10]),
    plan(961, Zero, &[7, 8], &[]),
    plan(962, Zero, &[9], &[8]),
    plan(963, Zero, &[9], &[8]),
    plan(964, Zero, &[10], &[8, 9]),
    plan(965, None, &[8], &[7]),
    plan(966, Zero, &[9], &[10]),
    plan(967, Zero, &[9], &[7, 8]),
    plan(968, None, &[8], &[7, 9]),
    plan(970, Zero, &[9], &[8, 10]),
    plan(971, Zero, &[9], &[5, 6, 7, 8, 10, 11, 12]),
    plan(972, Zero, &[9], &[7, 8, 10, 11, 12]),
    plan(973, None, &[8], &[]),
    plan(974, None, &[8], &[7, 9, 11]),
    plan(975, None, &[8], &[7]),
    plan(976, Zero, &[8], &[9, 10]),
    plan(977, Zero, &[10], &[8, 11]),
    plan(979, None, &[], &[9]),
    plan(992, None, &[9], &[]),
    plan(993, Eight, &[8], &[]),
    plan(994, Zero, &[9], &[]),
    plan(995, Zero, &[9], &[]),
    plan(996, Zero, &[9], &[10]),
    plan(998, None, &[9], &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascending_and_no_code_begins_another() {
        for pair in PLANS.windows(2) {
            assert!(pair[0].code < pair[1].code);
        }
        for plan in PLANS {
            let mut shorter = plan.code / 10;
            while shorter > 0 {
                assert!(Plan::find(shorter).is_none(), "{}", plan.code);
                shorter /= 10;
            }
        }
        for code in NATIONAL_ZEROS {
            assert!(Plan::find(code).is_some(), "{code}");
        }
    }
}
