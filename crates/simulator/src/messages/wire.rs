//! From messages to what arrives: in what order, how often, how whole.

use chrono::{DateTime, Utc};

use super::rates::Rates;
use crate::dice::Dice;

/// One message as it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Seconds after midnight at home of the day; more than a day for what arrives later.
    pub at: i64,
    /// `071503-PNL-JB1023-PKX-part1.txt`. Names sort in the order of arrival.
    pub name: String,
    /// The message.
    pub bytes: Vec<u8>,
    /// What was done to it on purpose, if anything.
    pub fault: Option<Fault>,
}

/// What may be wrong with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The same bytes arrived before.
    Repeated,
    /// A later part came first.
    OutOfOrder,
    /// An ADL that came before its PNL.
    AdlFirst,
    /// Half a day late.
    Late,
    /// Wrong about somebody; a right one follows.
    Mistaken,
    /// Cut off.
    Truncated,
    /// Ends with the word of another kind.
    WrongEnd,
    /// Of a flight that the schedule does not have.
    Unscheduled,
    /// Holds a payment card number.
    Card,
}

impl Fault {
    /// `wrong-end`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Repeated => "repeated",
            Self::OutOfOrder => "out-of-order",
            Self::AdlFirst => "adl-first",
            Self::Late => "late",
            Self::Mistaken => "mistaken",
            Self::Truncated => "truncated",
            Self::WrongEnd => "wrong-end",
            Self::Unscheduled => "unscheduled",
            Self::Card => "card",
        }
    }
}

/// A message of one part or several, ready to be sent.
pub(crate) struct Letter {
    pub(crate) at: DateTime<Utc>,
    pub(crate) kind: &'static str,
    pub(crate) flight: String,
    pub(crate) board: &'static str,
    pub(crate) parts: Vec<String>,
    pub(crate) fault: Option<Fault>,
}

/// The mailbox of a day.
pub(crate) struct Wire {
    pub(crate) midnight: DateTime<Utc>,
    pub(crate) posts: Vec<Post>,
}

impl Wire {
    /// Sends a letter, whatever happens to it on the way.
    pub(crate) fn send(&mut self, letter: &Letter, rates: &Rates, dice: &mut Dice) {
        let begins = (letter.at - self.midnight).num_seconds().max(60) + dice.between(0, 59);
        let count = letter.parts.len();
        let mut order: Vec<usize> = (0..count).collect();
        let shuffled = count > 1 && dice.chance(rates.shuffled);
        if shuffled {
            order.swap(0, 1 + dice.below(count - 1));
        }
        let wrong_end = is_list(letter.kind) && dice.chance(rates.wrong_end);
        for (nth, part) in order.into_iter().enumerate() {
            let mut text = letter.parts[part].clone();
            let mut fault = letter.fault;
            if shuffled && nth < part {
                fault = Some(Fault::OutOfOrder);
            }
            if text.contains("4111111111111111") {
                fault = Some(Fault::Card);
            }
            if wrong_end && part + 1 == count {
                let other = if letter.kind == "PNL" { "ADL" } else { "PNL" };
                text = text.replace(&format!("END{}", letter.kind), &format!("END{other}"));
                fault = Some(Fault::WrongEnd);
            }
            let at = begins + nth as i64 * 3;
            self.arrive(letter, at, part, text, fault, rates, dice);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one message and what becomes of it")]
    fn arrive(
        &mut self,
        letter: &Letter,
        at: i64,
        part: usize,
        text: String,
        fault: Option<Fault>,
        rates: &Rates,
        dice: &mut Dice,
    ) {
        let (repeated, truncated, again) =
            (dice.chance(rates.repeated), dice.chance(rates.truncated), dice.chance(0.67));
        if truncated && is_list(letter.kind) {
            let cut = text.len() / 4 + dice.below(text.len() / 2);
            let mut end = cut;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let half = text.as_bytes().get(..end).unwrap_or_default().to_vec();
            self.post(letter, at, part, half, Some(Fault::Truncated));
            if again {
                self.post(letter, at + 240, part, text.into_bytes(), fault);
            }
            return;
        }
        if repeated {
            let later = at + dice.between(5, 1_800);
            self.post(letter, later, part, text.clone().into_bytes(), Some(Fault::Repeated));
        }
        self.post(letter, at, part, text.into_bytes(), fault);
    }

    fn post(
        &mut self,
        letter: &Letter,
        at: i64,
        part: usize,
        bytes: Vec<u8>,
        fault: Option<Fault>,
    ) {
        let time = format!("{:02}{:02}{:02}", at / 3_600, at / 60 % 60, at % 60);
        let (kind, flight, board) = (letter.kind, &letter.flight, letter.board);
        let name = format!("{time}-{kind}-{flight}-{board}-part{}.txt", part + 1);
        self.posts.push(Post { at, name, bytes, fault });
    }

    /// In the order of arrival; no two of one name.
    pub(crate) fn finish(mut self) -> Vec<Post> {
        self.posts.sort_by(|a, b| a.name.cmp(&b.name));
        let mut before: Option<(String, usize)> = None;
        for post in &mut self.posts {
            match &mut before {
                Some((name, times)) if *name == post.name => {
                    *times += 1;
                    let stem = post.name.trim_end_matches(".txt");
                    post.name = format!("{stem}-{times}.txt");
                }
                _ => before = Some((post.name.clone(), 1)),
            }
        }
        self.posts.sort_by(|a, b| a.name.cmp(&b.name));
        self.posts
    }
}

fn is_list(kind: &str) -> bool {
    matches!(kind, "PNL" | "ADL" | "PFS" | "PRL")
}
