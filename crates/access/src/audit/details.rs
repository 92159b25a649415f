use serde_json::{Map, Value, json};

/// What something was done to: a kind (`customer`) and an identity, never a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    kind: &'static str,
    id: String,
}

impl Target {
    /// `kind` is kebab-case and has the text `target-<kind>`; `id` is an identity made by us.
    #[must_use]
    pub fn new(kind: &'static str, id: impl std::fmt::Display) -> Self {
        Self { kind, id: id.to_string() }
    }

    /// For what concerns the installation as a whole.
    #[must_use]
    pub fn none() -> Self {
        Self { kind: "installation", id: String::new() }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Its identity.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// What else the trail keeps of an action. Free text cannot get in, so neither can a name, an
/// address or a number of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details(Map<String, Value>);

impl Details {
    /// Nothing else.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn with(mut self, key: &'static str, value: Value) -> Self {
        self.0.insert(key.to_owned(), value);
        self
    }

    /// How many.
    #[must_use]
    pub fn count(self, key: &'static str, count: i64) -> Self {
        self.with(key, json!(count))
    }

    /// Yes or no.
    #[must_use]
    pub fn flag(self, key: &'static str, flag: bool) -> Self {
        self.with(key, json!(flag))
    }

    /// The identity of something else that took part.
    #[must_use]
    pub fn id(self, key: &'static str, id: impl Into<kernel::Uuid>) -> Self {
        let id: kernel::Uuid = id.into();
        self.with(key, json!(id.to_string()))
    }

    /// A machine word: a role, a status, the name of a field. Anything else is kept as `other`.
    #[must_use]
    pub fn code(self, key: &'static str, code: &str) -> Self {
        self.with(key, json!(machine_word(code)))
    }

    /// Several machine words.
    #[must_use]
    pub fn codes<S: AsRef<str>>(
        self,
        key: &'static str,
        codes: impl IntoIterator<Item = S>,
    ) -> Self {
        let words: Vec<Value> =
            codes.into_iter().map(|code| json!(machine_word(code.as_ref()))).collect();
        self.with(key, Value::Array(words))
    }

    pub(super) fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}

/// Lower-case letters first, then digits and joints too: no telephone number, no e-mail address,
/// no name as people write it.
fn machine_word(code: &str) -> &str {
    let joint = |byte: u8| matches!(byte, b'.' | b'-' | b'_' | b'*' | b':');
    let fits = code.len() <= 64
        && code.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || joint(byte));
    if fits { code } else { "other" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_machine_words_get_in() {
        for word in ["phone", "customers.*", "serve-caller", "k5", "a:b_c"] {
            assert_eq!(machine_word(word), word);
        }
        let long = "a".repeat(65);
        for word in ["", "Zhou", "周启明", "a@b.cn", "13812344417", "two words", &long] {
            assert_eq!(machine_word(word), "other", "{word}");
        }
    }
}
