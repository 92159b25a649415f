//! One segment, cut at its delimiters.

use std::borrow::Cow;
use std::fmt;

use super::Delimiters;

/// Three capitals or digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Tag(pub [u8; 3]);

impl Tag {
    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Where a component stands in its segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Which element it belongs to; the tag is element 0.
    pub(super) element: u16,
    /// It holds a release character or a line end.
    pub(super) dirty: bool,
}

/// A segment. Elements are counted from 1, components from 0, as in `TIF` 2.0 for the given name.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'t, 's> {
    /// The whole of it without its terminator, line ends and release characters included.
    pub raw: &'t str,
    /// `TIF`.
    pub tag: Tag,
    pub(super) parts: &'s [Part],
    /// Index in `parts` of the first component of each element.
    pub(super) elements: &'s [u32],
    pub(super) delimiters: Delimiters,
}

impl<'t> Segment<'t, '_> {
    /// How many elements there are behind the tag.
    #[must_use]
    pub const fn element_count(&self) -> usize {
        self.elements.len().saturating_sub(1)
    }

    /// How many components an element has.
    #[must_use]
    pub fn component_count(&self, element: usize) -> usize {
        let Some(first) = self.elements.get(element) else { return 0 };
        let next = self.elements.get(element + 1).map_or(self.parts.len(), |next| *next as usize);
        next.saturating_sub(*first as usize)
    }

    fn part(&self, element: usize, component: usize) -> Option<&Part> {
        let first = *self.elements.get(element)? as usize;
        let part = self.parts.get(first.checked_add(component)?)?;
        (usize::from(part.element) == element).then_some(part)
    }

    /// A component as it stands, blanks included; empty if it is not there.
    #[must_use]
    pub fn raw(&self, element: usize, component: usize) -> &'t str {
        let part = self.part(element, component);
        part.and_then(|part| self.raw.get(part.start as usize..part.end as usize)).unwrap_or("")
    }

    /// A component without line ends and release characters, and without blanks around it; empty if
    /// it is not there.
    #[must_use]
    pub fn get(&self, element: usize, component: usize) -> Cow<'t, str> {
        let Some(part) = self.part(element, component) else { return Cow::Borrowed("") };
        let raw = self.raw.get(part.start as usize..part.end as usize).unwrap_or("");
        if part.dirty { self.cleaned(raw) } else { Cow::Borrowed(raw.trim_ascii()) }
    }

    /// As [`Self::get`]; none if it is empty.
    #[must_use]
    pub fn some(&self, element: usize, component: usize) -> Option<Cow<'t, str>> {
        Some(self.get(element, component)).filter(|text| !text.is_empty())
    }

    /// From a component to the end of its element, with the separators in between: free text that
    /// holds unescaped ones.
    #[must_use]
    pub fn rest(&self, element: usize, component: usize) -> Cow<'t, str> {
        let Some(first) = self.part(element, component) else { return Cow::Borrowed("") };
        let count = self.component_count(element);
        let last = self.part(element, count.saturating_sub(1)).unwrap_or(first);
        let raw = self.raw.get(first.start as usize..last.end as usize).unwrap_or("");
        let dirty = (component..count).any(|at| self.part(element, at).is_some_and(|p| p.dirty));
        if dirty { self.cleaned(raw) } else { Cow::Borrowed(raw.trim_ascii()) }
    }

    fn cleaned(&self, raw: &str) -> Cow<'t, str> {
        let Delimiters { component, element, release, terminator, .. } = self.delimiters;
        let special = [component, element, release, terminator];
        let mut out = String::with_capacity(raw.len());
        let mut signs = raw.chars().peekable();
        while let Some(sign) = signs.next() {
            let releases = sign == char::from(release) && release != b' ';
            match signs.peek() {
                _ if matches!(sign, '\r' | '\n') => {}
                Some(next) if releases && special.iter().any(|byte| char::from(*byte) == *next) => {
                    out.push(*next);
                    signs.next();
                }
                _ => out.push(sign),
            }
        }
        let trimmed = out.trim_ascii();
        Cow::Owned(if trimmed.len() == out.len() { out } else { trimmed.to_owned() })
    }
}
