//! SEAT and its kin.

use crate::passenger_list::element::Complain;
use crate::passenger_list::remark::{Head, Remark};
use crate::passenger_list::rules;

pub(super) fn read<'a>(head: &Head<'a>, complain: Complain<'_, 'a>) -> Remark<'a> {
    if head.code == "SEAT" && seats(head.rest).next().is_none() {
        complain(rules::BAD_SEAT, head.rest);
    }
    Remark::Seat { code: head.code, text: head.rest }
}

/// The seats in a text: `14B`, `14A 14B`, `14A/14B`. `14AB` is one word with two letters and comes as
/// two seats of the same row.
pub(super) fn seats(text: &str) -> impl Iterator<Item = (&str, char)> {
    let words = text.split([' ', '/', ',']).take(64).filter_map(row_and_letters);
    // `14AN`: no smoking, from when that was asked. Seats have letters up to L.
    words.flat_map(|(row, letters)| {
        let all = letters.chars().enumerate();
        let seats = all.filter(|(at, letter)| *at == 0 || *letter <= 'L');
        seats.map(move |(_, letter)| (row, letter))
    })
}

fn row_and_letters(word: &str) -> Option<(&str, &str)> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (row, letters) = word.split_at_checked(digits)?;
    let good = (1..=3).contains(&digits)
        && (1..=6).contains(&letters.len())
        && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    good.then_some((row, letters))
}
