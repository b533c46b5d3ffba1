//! The tables against the data of ICU4X.

use std::format;
use std::string::String;
use std::vec::Vec;

use icu_properties::props::{Dash, GeneralCategory, WhiteSpace};
use icu_properties::{CodePointMapData, CodePointSetData};

use super::*;
use crate::typed::{Character, classify, is_unseen};

fn expected(letter: char) -> Character {
    let category = CodePointMapData::<GeneralCategory>::new().get(letter);
    let dash = CodePointSetData::new::<Dash>();
    let white_space = CodePointSetData::new::<WhiteSpace>();
    match category {
        // Unicode assigns the digits of a script ten consecutive code points
        // and never changes them (UAX 44 section 5.7.1).
        GeneralCategory::DecimalNumber => Character::Digit(value(letter)),
        GeneralCategory::Format => Character::Passed,
        _ if dash.contains(letter) || white_space.contains(letter) => Character::Passed,
        _ => Character::Other,
    }
}

/// The number of decimal digits directly before this one, modulo 10: runs of
/// several scripts can be adjacent.
fn value(letter: char) -> u8 {
    let category = CodePointMapData::<GeneralCategory>::new();
    let is_digit = |point: &u32| category.get32(*point) == GeneralCategory::DecimalNumber;
    let before = (0..u32::from(letter)).rev().take_while(is_digit).count();
    u8::try_from(before % 10).unwrap()
}

/// Rows of this file as they should be.
fn rows(name: &str, values: &[u32]) -> String {
    let hex = |value: &u32| match value {
        0..=0xffff => format!("0x{value:04x}"),
        _ => format!("0x{:04x}_{:04x}", value >> 16, value & 0xffff),
    };
    let row = |values: &[u32]| {
        let values: Vec<String> = values.iter().map(hex).collect();
        format!("    {},\n", values.join(", "))
    };
    let rows: String = values.chunks(8).map(row).collect();
    format!("{name}: {}\n{rows}\n", values.len())
}

#[test]
fn every_character_is_as_unicode_has_it() {
    let all = '\0'..=char::MAX;
    let is_zero = |letter: &char| expected(*letter) == Character::Digit(0);
    let zeros: Vec<u32> = all.clone().filter(is_zero).map(u32::from).collect();
    let is_passed = |letter: &char| expected(*letter) == Character::Passed;
    let mut passed: Vec<(u32, u32)> = Vec::new();
    for point in all.clone().filter(is_passed).map(u32::from) {
        match passed.last_mut() {
            Some((first, count)) if *first + *count == point => *count += 1,
            _ => passed.push((point, 1)),
        }
    }
    let plane = zeros.partition_point(|zero| *zero < 0x1_0000);
    let above: Vec<u32> = zeros[plane..].iter().map(|zero| zero - 0x1_0000).collect();
    let passed: Vec<u32> = passed
        .iter()
        .map(|(first, count)| first << 8 | (count - 1))
        .collect();
    let should = [
        rows("ZEROS", &zeros[..plane]),
        rows("SUPPLEMENTARY_ZEROS", &above),
        rows("PASSED", &passed),
    ]
    .concat();
    assert_eq!(zeros[..plane], ZEROS.map(u32::from), "{should}");
    assert_eq!(above, SUPPLEMENTARY_ZEROS.map(u32::from), "{should}");
    assert_eq!(passed, PASSED, "{should}");
    for letter in all {
        assert_eq!(classify(letter), expected(letter), "{letter:?}");
    }
}

#[test]
fn the_zeros_are_small() {
    assert!(size_of_val(&ZEROS) + size_of_val(&SUPPLEMENTARY_ZEROS) < 300);
}

#[test]
fn what_is_not_displayed_is_no_dash() {
    let dash = CodePointSetData::new::<Dash>();
    for letter in '\0'..=char::MAX {
        let unseen = expected(letter) == Character::Passed && !dash.contains(letter);
        assert_eq!(is_unseen(letter), unseen, "{letter:?}");
    }
}
