//! Every line of every fixture broken, one at a time, leaves the rest readable.

use std::collections::BTreeMap;

use formats::schedule_change;
use serde_json::Value;

use crate::formats_under_test::{ALL, check_places, fixtures};

/// Every text and number of a tree, with how often it is there.
fn leaves(tree: &Value) -> BTreeMap<String, usize> {
    fn walk(tree: &Value, into: &mut BTreeMap<String, usize>) {
        match tree {
            Value::Array(all) => all.iter().for_each(|each| walk(each, into)),
            Value::Object(all) => all.values().for_each(|each| walk(each, into)),
            Value::Null => {}
            leaf => *into.entry(leaf.to_string()).or_default() += 1,
        }
    }
    let mut all = BTreeMap::new();
    walk(tree, &mut all);
    all
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Compares a message of which one line is broken with one from which it was taken away: nothing
/// that the other lines say may be missing.
fn broken_by(name: &str, breaking: impl Fn(&str) -> String) {
    for format in ALL {
        for (fixture, content) in fixtures(format) {
            let all = lines(&content);
            for (at, line) in all.iter().enumerate() {
                let body = line.trim_end_matches(['\r', '\n']);
                let bad = format!("{}{}", breaking(body), &line[body.len()..]);
                let mut without = all.clone();
                without.remove(at);
                let mut with = all.clone();
                with[at] = &bad;
                let (expected, _) = (format.parse)(&without.concat());
                let broken = with.concat();
                let (tree, found) = (format.parse)(&broken);
                check_places(&broken, &found);
                let kept = leaves(&tree);
                for (leaf, count) in leaves(&expected) {
                    // A flag may differ, and so may an action that a change without one takes over
                    // from the change before; what was sent may not be lost.
                    let word = leaf.trim_matches('"');
                    let action = schedule_change::Action::read(word).is_some();
                    let reason = matches!(word, "WEAT" | "OPER" | "COMM" | "TECH" | "CON");
                    if action || reason || matches!(word, "true" | "false") || word.len() < 2 {
                        continue;
                    }
                    let still = kept.get(&leaf).copied().unwrap_or(0);
                    let place = format!("{}/{fixture} line {}", format.name, at + 1);
                    assert!(still >= count, "{place} broken by {name} lost {leaf}");
                }
            }
        }
    }
}

#[test]
fn one_line_of_garbage_costs_no_other_line() {
    broken_by("garbage", |_| "?!# GARBAGE".to_owned());
    broken_by("a blank line", |_| String::new());
    broken_by("characters", |_| "\u{1F6E9} ПЭК 東京".to_owned());
}

#[test]
fn a_line_cut_in_the_middle_costs_no_other_line() {
    broken_by("a cut", |line| line[..line.len() / 2].to_owned());
    broken_by("a lost beginning", |line| line[line.len() / 2..].to_owned());
}
