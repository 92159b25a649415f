//! Every fixture, read as it was approved.

use formats::diagnostic::drawn;
use formats::{baggage, load, movement, schedule, schedule_change, text};

use crate::formats_under_test::{ALL, check_places, fixtures};

#[test]
fn fixtures_read_as_approved() {
    for format in ALL {
        for (name, content) in fixtures(format) {
            let decoded = text::decode(content.as_bytes());
            let (tree, found) = (format.parse)(decoded.as_str());
            check_places(&content, &found);
            let notes: String = found
                .iter()
                .map(|found| {
                    let place = drawn(found, &decoded);
                    format!("{:?} {} {:?}\n{place}\n", found.severity, found.code, found.kept)
                })
                .collect();
            let tree = serde_json::to_string_pretty(&tree).unwrap();
            insta::assert_snapshot!(
                format!("{}-{name}", format.name),
                format!("{tree}\n\n{notes}")
            );
        }
    }
}

#[test]
fn rules_have_codes_of_their_own_and_whole_sentences() {
    let all = [
        ("mvt-", movement::rules::ALL),
        ("ldm-", load::rules::ALL),
        ("ssim-", schedule::rules::ALL),
        ("ssm-", schedule_change::rules::ALL),
        ("bag-", baggage::rules::ALL),
    ];
    let mut codes = std::collections::BTreeSet::new();
    for (prefix, rules) in all {
        for rule in rules {
            assert!(rule.code.starts_with(prefix), "{}", rule.code);
            let plain = |ch: char| ch.is_ascii_lowercase() || ch == '-' || ch.is_ascii_digit();
            assert!(rule.code.chars().all(plain), "{}", rule.code);
            assert!(codes.insert(rule.code), "{} twice", rule.code);
            assert!(rule.message.ends_with('.') && !rule.message.contains('{'), "{}", rule.code);
        }
    }
}
