//! Every text exists in both languages, every key that is used exists, and none is left over.
//!
//! A key counts as used when it stands in a Rust, HTML or TypeScript file, alone or as the
//! beginning of a key that is put together there (`"value-group-{}"`). A key with arguments must
//! take the same ones in both languages.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::Offence;
use crate::literals;
use crate::tree::{File, Tree};

const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

#[derive(Debug, Default)]
struct Texts {
    /// Key → (place, names of arguments).
    keys: BTreeMap<String, (String, BTreeSet<String>)>,
}

/// Returns the number of keys.
pub(super) fn check(tree: &Tree, said: &mut Vec<Offence>) -> usize {
    let [english, chinese] = LANGUAGES.map(|language| read(tree, language, said));
    compare(&english, &chinese, "zh-CN", said);
    compare(&chinese, &english, "en", said);
    let used = Used::read(tree);
    for (key, (place, _)) in &english.keys {
        if !used.has(key) {
            said.push(Offence::new(place, format!("the text {key} is used nowhere"), "remove it"));
        }
    }
    for (key, place) in &used.asked {
        if !english.keys.contains_key(key) {
            said.push(Offence::new(
                place,
                format!("the text {key} does not exist"),
                "add it to texts/en.ftl and texts/zh-CN.ftl of its crate",
            ));
        }
    }
    english.keys.len()
}

fn read(tree: &Tree, language: &str, said: &mut Vec<Offence>) -> Texts {
    let mut texts = Texts::default();
    let ending = format!("/texts/{language}.ftl");
    for file in tree.with_ending("ftl").filter(|file| file.path.ends_with(&ending)) {
        for (key, line, body) in messages(file) {
            let place = format!("{}:{line}", file.path);
            if let Some((other, _)) = texts.keys.get(&key) {
                let what = format!("the text {key} is also in {other}");
                said.push(Offence::new(&place, what, "keep one"));
            }
            texts.keys.insert(key, (place, arguments(&body)));
        }
    }
    texts
}

fn messages(file: &File) -> Vec<(String, usize, String)> {
    let mut found: Vec<(String, usize, String)> = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let key = line.split(" =").next().unwrap_or("");
        let starts = line.contains(" =")
            && key.starts_with(|first: char| first.is_ascii_lowercase())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if starts {
            found.push((key.to_owned(), index + 1, line.to_owned()));
        } else if line.starts_with(' ')
            && let Some(last) = found.last_mut()
        {
            last.2.push_str(line);
        }
    }
    found
}

fn arguments(body: &str) -> BTreeSet<String> {
    let Ok(argument) = Regex::new(r"\$([a-zA-Z][\w-]*)") else { return BTreeSet::new() };
    argument.captures_iter(body).map(|hit| hit[1].to_owned()).collect()
}

fn compare(have: &Texts, other: &Texts, language: &str, said: &mut Vec<Offence>) {
    for (key, (place, arguments)) in &have.keys {
        match other.keys.get(key) {
            None => said.push(Offence::new(
                place,
                format!("the text {key} is missing in {language}"),
                "write it there too",
            )),
            // Chinese has no plural: an argument used only to choose a form may be left out.
            Some((_, theirs)) if language == "en" && !arguments.is_subset(theirs) => {
                said.push(Offence::new(
                    place,
                    format!("the text {key} takes arguments the {language} one does not"),
                    "give both the same arguments",
                ));
            }
            Some(_) => {}
        }
    }
}

#[derive(Debug, Default)]
struct Used {
    whole: BTreeSet<String>,
    beginnings: BTreeSet<String>,
    asked: BTreeMap<String, String>,
}

impl Used {
    fn read(tree: &Tree) -> Self {
        let mut used = Self::default();
        for file in &tree.files {
            match file.ending() {
                "rs" if file.krate() != Some("xtask") && !file.path.contains("/examples/") => {
                    used.rust(file);
                }
                "html" | "ts" => used.words(file),
                _ => {}
            }
        }
        used
    }

    fn has(&self, key: &str) -> bool {
        let code = key.strip_prefix("error-");
        self.whole.contains(key)
            || self.beginnings.iter().any(|start| key.starts_with(start.as_str()))
            || code.is_some_and(|code| {
                let code = code.strip_suffix("-hint").unwrap_or(code);
                self.whole.contains(code)
            })
            || key.strip_suffix("-hint").is_some_and(|key| self.whole.contains(key))
    }

    fn rust(&mut self, file: &File) {
        let asks = asking();
        for literal in literals::of(&file.text) {
            self.note(&literal.text);
            let before = &file.text[..literal.at];
            let whole = is_key(&literal.text) && literal.text.contains('-');
            if whole && asks.iter().any(|ask| before.ends_with(ask)) {
                self.asked.insert(literal.text, file.place(literal.at));
            }
        }
    }

    fn words(&mut self, file: &File) {
        let Ok(quoted) = Regex::new("[\"'`]([a-z][a-z0-9-]*)(\\$?\\{|[\"'`])") else { return };
        for hit in quoted.captures_iter(&file.text) {
            let (text, end) = (&hit[1], &hit[2]);
            if end.ends_with('{') || text.ends_with('-') {
                self.beginnings.insert(text.to_owned());
            } else {
                self.whole.insert(text.to_owned());
            }
        }
        let Ok(asked) = Regex::new(r#"\bt[12n]?\(\s*"([a-z][a-z0-9]*-[a-z0-9-]*[a-z0-9])""#) else {
            return;
        };
        for hit in asked.captures_iter(&file.text) {
            let at = hit.get(0).map_or(0, |whole| whole.start());
            self.asked.insert(hit[1].to_owned(), file.place(at));
        }
    }

    fn note(&mut self, text: &str) {
        if let Some((start, _)) = text.split_once('{')
            && start.ends_with('-')
            && is_key(start.trim_end_matches('-'))
        {
            self.beginnings.insert(start.to_owned());
        }
        if text.ends_with('-') && text.len() > 3 && is_key(text.trim_end_matches('-')) {
            self.beginnings.insert(text.to_owned());
        }
        if is_key(text) {
            self.whole.insert(text.to_owned());
        }
    }
}

/// Calls and fields whose string is a text key.
fn asking() -> [&'static str; 6] {
    [".t(", ".t1(", ".t2(", "label_key: ", "title_key: ", "text_key: "]
}

fn is_key(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
