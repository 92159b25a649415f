//! A piece of XML as a tree, found by local names.

use std::borrow::Cow;

/// An element. Names are without their prefix.
#[derive(Clone, Debug, Default)]
pub(super) struct Node<'t> {
    pub(super) name: Cow<'t, str>,
    pub(super) attributes: Vec<(Cow<'t, str>, Cow<'t, str>)>,
    pub(super) text: Cow<'t, str>,
    pub(super) children: Vec<Node<'t>>,
}

/// A trimmed text without allocating if there is nothing to trim.
pub(super) fn trimmed<'t>(text: &Cow<'t, str>) -> Cow<'t, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

impl<'t> Node<'t> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The text of the element itself.
    pub(super) fn own(&self) -> Cow<'t, str> {
        trimmed(&self.text)
    }

    /// An attribute; empty if there is none.
    pub(super) fn attribute(&self, name: &str) -> Cow<'t, str> {
        let found = self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| trimmed(value)).unwrap_or_default()
    }

    /// A child.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(name))
    }

    /// Text of the first child that has one of the names; empty if none has any.
    pub(super) fn text_of(&self, names: &[&str]) -> Cow<'t, str> {
        let found = names
            .iter()
            .find_map(|name| self.child(name).map(Self::own).filter(|text| !text.is_empty()));
        found.unwrap_or_default()
    }

    /// The first element of that name at any depth, this one not included.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        self.children.iter().find_map(
            |child| {
                if child.is(name) { Some(child) } else { child.find(name) }
            },
        )
    }

    /// Text of the first element of one of the names at any depth; empty if there is none.
    pub(super) fn deep(&self, names: &[&str]) -> Cow<'t, str> {
        let found = names
            .iter()
            .find_map(|name| self.find(name).map(Self::own).filter(|text| !text.is_empty()));
        found.unwrap_or_default()
    }

    /// Every element of one of the names at any depth, but none inside another of them.
    pub(super) fn all<'n>(&'n self, names: &[&str], into: &mut Vec<&'n Self>) {
        for child in &self.children {
            if names.iter().any(|name| child.is(name)) {
                into.push(child);
            } else {
                child.all(names, into);
            }
        }
    }

    /// As [`Self::all`], their texts, divided at blanks, each once.
    pub(super) fn words(&self, names: &[&str]) -> Vec<Cow<'t, str>> {
        let mut found = Vec::new();
        self.all(names, &mut found);
        let mut words: Vec<Cow<'t, str>> = Vec::new();
        for node in found {
            // Lists of references, and references inside references, are older dialects.
            let own = node.own();
            for word in split(&own) {
                if words.len() < MOST_WORDS && !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words
    }
}

/// No order has more passengers or segments.
const MOST_WORDS: usize = 1_000;

/// Words of a text, borrowed if the text is.
pub(super) fn split<'t>(text: &Cow<'t, str>) -> Vec<Cow<'t, str>> {
    match text {
        Cow::Borrowed(text) => text.split_ascii_whitespace().map(Cow::Borrowed).collect(),
        Cow::Owned(text) => {
            text.split_ascii_whitespace().map(|word| Cow::Owned(word.to_owned())).collect()
        }
    }
}
