//! Which letters the bytes are, and a reader that turns them into UTF-8.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// What the first bytes say: the encoding when it is certain, and how many bytes mark it.
#[must_use]
pub fn by_mark(head: &[u8]) -> Option<(&'static Encoding, usize)> {
    Encoding::for_bom(head)
}

/// The likeliest encoding of `sample`, which begins the file and may end in the middle of a letter.
#[must_use]
pub fn guess(sample: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = by_mark(sample) {
        return encoding;
    }
    if let Some(encoding) = utf16_without_mark(sample) {
        return encoding;
    }
    let text = whole_lines(sample);
    if std::str::from_utf8(text).is_ok() {
        return UTF_8;
    }
    // Mostly UTF-8 with damaged rows is UTF-8: the damaged rows are reported one by one.
    let (mut utf8, mut other) = (0_usize, 0_usize);
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        match std::str::from_utf8(line) {
            Ok(_) => utf8 += 1,
            Err(_) => other += 1,
        }
    }
    if utf8 > other {
        return UTF_8;
    }
    if GB18030.decode_without_bom_handling_and_without_replacement(text).is_some()
        && looks_chinese(text)
    {
        return GB18030;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(text, true);
    let guessed = detector.guess(None, chardetng::Utf8Detection::Allow);
    // GBK is a part of GB18030; one name for both.
    if guessed == encoding_rs::GBK { GB18030 } else { guessed }
}

/// Text without a mark whose every second byte is mostly zero.
fn utf16_without_mark(sample: &[u8]) -> Option<&'static Encoding> {
    let pairs = sample.len() / 2;
    if pairs < 8 {
        return None;
    }
    let zeros =
        |offset: usize| sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match () {
        () if odd * 10 > pairs * 4 && even * 20 < pairs => Some(UTF_16LE),
        () if even * 10 > pairs * 4 && odd * 20 < pairs => Some(UTF_16BE),
        () => None,
    }
}

/// Two-byte letters of the common Hanzi block: Western accents rarely come in such pairs.
fn looks_chinese(text: &[u8]) -> bool {
    let (mut pairs, mut high) = (0_usize, 0_usize);
    let mut at = 0;
    while at < text.len() {
        if text[at] < 0x80 {
            at += 1;
            continue;
        }
        high += 1;
        let next = text.get(at + 1).copied().unwrap_or(0);
        if (0xb0..=0xf7).contains(&text[at]) && next >= 0xa1 {
            pairs += 1;
        }
        at += 2;
    }
    pairs * 2 > high
}

fn whole_lines(sample: &[u8]) -> &[u8] {
    match sample.iter().rposition(|byte| *byte == b'\n') {
        Some(end) if sample.len() >= 4_096 => &sample[..=end],
        _ => sample,
    }
}

/// The name people know an encoding by.
#[must_use]
pub fn name(encoding: &'static Encoding) -> String {
    if encoding == GB18030 { "GB18030".to_owned() } else { encoding.name().to_uppercase() }
}

/// The encoding called `label`; GBK and GB2312 are read as GB18030, which holds them.
#[must_use]
pub fn by_name(label: &str) -> Option<&'static Encoding> {
    let found = Encoding::for_label(label.trim().as_bytes())?;
    Some(if found == encoding_rs::GBK { GB18030 } else { found })
}

/// Reads any encoding as UTF-8; what cannot be read becomes U+FFFD.
pub struct Transcode<R> {
    inner: R,
    decoder: Decoder,
    raw: Box<[u8]>,
    from: usize,
    to: usize,
    ended: bool,
    flushed: bool,
    /// The tail of a letter that did not fit the caller's buffer.
    spare: Vec<u8>,
}

impl<R: Read> Transcode<R> {
    /// Decodes `inner` as `encoding`; a byte-order mark at its start is dropped.
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; 64 * 1024].into_boxed_slice(),
            from: 0,
            to: 0,
            ended: false,
            flushed: false,
            spare: Vec::new(),
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        while self.from == self.to && !self.ended {
            match self.inner.read(&mut self.raw) {
                Ok(0) => self.ended = true,
                Ok(read) => (self.from, self.to) = (0, read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Transcode<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The decoder wants room for one letter at least; a smaller buffer is served from a spare.
        if buffer.len() < 16 || !self.spare.is_empty() {
            if self.spare.is_empty() {
                let mut room = [0_u8; 64];
                let read = self.read(&mut room)?;
                self.spare.extend_from_slice(&room[..read]);
            }
            let given = self.spare.len().min(buffer.len());
            buffer[..given].copy_from_slice(&self.spare[..given]);
            self.spare.drain(..given);
            return Ok(given);
        }
        loop {
            self.refill()?;
            if self.flushed {
                return Ok(0);
            }
            let last = self.ended && self.from == self.to;
            let raw = &self.raw[self.from..self.to];
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, buffer, last);
            self.from += read;
            if last && result == CoderResult::InputEmpty {
                self.flushed = true;
            }
            if written > 0 {
                return Ok(written);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn read(bytes: &[u8], encoding: &'static Encoding) -> String {
        let mut text = String::new();
        Transcode::new(bytes, encoding).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn chinese_files_are_told_apart() {
        let text = "会员号,姓名,城市\n54993,周启明,广州\n";
        assert_eq!(guess(text.as_bytes()), UTF_8);
        let (gb, ..) = GB18030.encode(text);
        assert_eq!(guess(&gb), GB18030);
        assert_eq!(read(&gb, GB18030), text);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xff, 0xfe], utf16.as_slice()].concat();
        assert_eq!(guess(&marked), UTF_16LE);
        assert_eq!(read(&marked, UTF_16LE), text);
        let ascii: Vec<u8> =
            "MEMBER_NO,TIER,CITY\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(guess(&ascii), UTF_16BE, "no mark, Latin letters");
    }

    #[test]
    fn a_few_foreign_rows_do_not_change_the_verdict() {
        let mut mixed = "姓名\n周启明\n李静\n王芳\n".as_bytes().to_vec();
        mixed.extend_from_slice(&GB18030.encode("陈浩\n").0);
        assert_eq!(guess(&mixed), UTF_8);
    }

    #[test]
    fn western_accents_are_not_taken_for_chinese() {
        let (bytes, ..) = encoding_rs::WINDOWS_1252.encode("name;city\nJosé;Málaga\nZoë;Köln\n");
        assert_eq!(guess(&bytes), encoding_rs::WINDOWS_1252);
    }

    #[test]
    fn a_tiny_buffer_still_gets_everything() {
        let text = "会员,é\n";
        let (gb, ..) = GB18030.encode(text);
        let mut reader = Transcode::new(&gb[..], GB18030);
        let (mut all, mut one) = (Vec::new(), [0_u8; 1]);
        while reader.read(&mut one).unwrap() == 1 {
            all.push(one[0]);
        }
        assert_eq!(String::from_utf8(all).unwrap(), text);
    }
}
