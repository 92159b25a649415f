//! From the bytes of an e-mail to its pieces.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kernel::Personal;
use kernel::chrono::DateTime;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use super::{Body, Mail, Passed, Piece, Reading, Why, ignore, limits};
use crate::glob;

/// Names longer than this are cut.
const NAME: usize = 200;

/// Reads an e-mail.
///
/// # Errors
/// Nothing of it is taken; says why. Boxed because it is rare and large.
pub fn read(uid: u32, raw: &[u8], reading: &Reading) -> Result<Mail, Box<Passed>> {
    let unread = |why| Box::new(Passed::unread(uid, why));
    if !limits::fits(raw) {
        return Err(unread(Why::TooManyParts));
    }
    // The parser promises not to panic. If it does all the same, one e-mail must not stop all
    // that come behind it.
    catch_unwind(AssertUnwindSafe(|| {
        let parsed = MessageParser::new().parse(raw);
        let message = parsed.filter(|message| !message.parts.is_empty());
        message.map_or_else(|| Err(unread(Why::Unreadable)), |message| cut(uid, &message, reading))
    }))
    .unwrap_or_else(|_| Err(unread(Why::Unreadable)))
}

fn cut(uid: u32, message: &Message<'_>, reading: &Reading) -> Result<Mail, Box<Passed>> {
    let sender = message
        .from()
        .and_then(|from| from.first())
        .and_then(|first| first.address())
        .map(|address| address.trim().to_lowercase());
    let message_id = message.message_id().map(|id| Personal::new(id.trim().to_owned()));
    let passed = |why| {
        let sender = sender.clone().map(Personal::new);
        Err(Box::new(Passed { uid, why, message_id: message_id.clone(), sender }))
    };
    if !ignore::may_send(sender.as_deref(), &reading.senders) {
        return passed(Why::Sender);
    }
    if let Some(why) = ignore::reason(message, sender.as_deref(), reading) {
        return passed(why);
    }
    let mut found = Found { reading, pieces: Vec::new(), why: None };
    found.gather(message, reading.depth);
    if found.pieces.is_empty() {
        return passed(found.why.unwrap_or(Why::Empty));
    }
    let date = message.date().filter(|date| date.is_valid());
    Ok(Mail {
        uid,
        date: date.and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)),
        message_id,
        sender: sender.map(Personal::new),
        pieces: found.pieces,
    })
}

struct Found<'a> {
    reading: &'a Reading,
    pieces: Vec<Piece>,
    /// The first thing that was not taken for another reason than its name.
    why: Option<Why>,
}

impl Found<'_> {
    /// Pieces of a message and of those attached to it, `depth` levels down.
    fn gather(&mut self, message: &Message<'_>, depth: u8) {
        let before = self.pieces.len();
        if message.is_content_type("multipart", "encrypted") {
            self.why.get_or_insert(Why::Sealed);
            return;
        }
        // In the order of the e-mail: texts that carry a name are attachments to those who wrote
        // them, whatever the program made of it.
        let named = message.text_body.iter().filter(|id| part_name(message, **id).is_some());
        let mut ids: Vec<u32> = named.chain(&message.attachments).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        for part in ids.iter().filter_map(|id| message.part(*id)) {
            match &part.body {
                PartType::Message(_) if depth == 0 => {
                    self.why.get_or_insert(Why::TooDeep);
                }
                PartType::Message(nested) => self.gather(nested, depth - 1),
                _ => self.attachment(message, part),
            }
        }
        let wanted = match self.reading.body {
            Body::Alone => self.pieces.len() == before,
            Body::Always => true,
            Body::Never => false,
        };
        if wanted {
            self.body(message);
        }
    }

    fn attachment(&mut self, message: &Message<'_>, part: &MessagePart<'_>) {
        let name = part.attachment_name().map(clean).filter(|name| !name.is_empty());
        let media_type = media_type(part);
        if sealed(&media_type) {
            self.why.get_or_insert(Why::Sealed);
            return;
        }
        let wanted = if self.reading.names.is_empty() {
            !decoration(&media_type, name.is_some())
        } else {
            let name = name.as_deref().unwrap_or_default();
            self.reading.names.iter().any(|pattern| glob::fits(pattern, name))
        };
        if !wanted {
            return;
        }
        let bytes = original(message, part).unwrap_or_else(|| part.contents().to_vec());
        if !bytes.is_empty() {
            self.pieces.push(Piece { name, media_type, bytes });
        }
    }

    fn body(&mut self, message: &Message<'_>) {
        let mut bytes = Vec::new();
        for (place, id) in message.text_body.iter().enumerate() {
            let Some(part) = message.part(*id).filter(|part| part.attachment_name().is_none())
            else {
                continue;
            };
            if part.is_text_html() && !self.reading.html {
                self.why.get_or_insert(Why::Html);
                continue;
            }
            if !bytes.is_empty() && !bytes.ends_with(b"\n") {
                bytes.extend(b"\r\n");
            }
            match unknown_charset(message, part) {
                Some(as_it_is) => bytes.extend(as_it_is),
                None => bytes.extend(message.body_text(place).unwrap_or_default().as_bytes()),
            }
        }
        if !bytes.trim_ascii().is_empty() {
            self.pieces.push(Piece { name: None, media_type: "text/plain".to_owned(), bytes });
        }
    }
}

fn part_name<'a>(message: &'a Message<'_>, id: u32) -> Option<&'a str> {
    message.part(id).and_then(|part| part.attachment_name())
}

/// The bytes of a text whose character set is not named or not known, where they are not UTF-8:
/// whoever reads the message guesses better than a decoder that knows nothing of it.
fn unknown_charset(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let named = part.content_type().and_then(|kind| kind.attribute("charset"));
    if part.is_text_html() || named.is_some_and(|name| charset_decoder(name.as_bytes()).is_some()) {
        return None;
    }
    original(message, part).filter(|bytes| std::str::from_utf8(bytes).is_err())
}

/// The bytes as they were attached. The parser has turned texts into UTF-8, which is not what was
/// sent.
fn original(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    if !matches!(part.body, PartType::Text(_) | PartType::Html(_)) {
        return None;
    }
    let place = part.raw_body_offset() as usize..part.raw_end_offset() as usize;
    let raw = message.raw_message().get(place)?;
    match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    }
}

fn media_type(part: &MessagePart<'_>) -> String {
    let kind = part.content_type();
    match kind.map(|kind| (kind.ctype(), kind.subtype())) {
        Some((kind, Some(subtype))) => format!("{kind}/{subtype}").to_lowercase(),
        _ => "text/plain".to_owned(),
    }
}

/// Without folders and control characters, and not too long.
fn clean(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.trim().trim_start_matches('.');
    name.chars().filter(|letter| !letter.is_control()).take(NAME).collect()
}

/// What programs and people add to e-mails and no message gateway sends.
fn decoration(media_type: &str, named: bool) -> bool {
    ["image/", "audio/", "video/", "font/"].iter().any(|start| media_type.starts_with(start))
        || matches!(
            media_type,
            "application/pgp-signature"
                | "application/pkcs7-signature"
                | "application/x-pkcs7-signature"
                | "message/delivery-status"
                | "message/disposition-notification"
                | "text/calendar"
                | "text/rfc822-headers"
                | "text/vcard"
                | "text/x-vcard"
        )
        || (media_type == "text/html" && !named)
}

fn sealed(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/ms-tnef"
            | "application/vnd.ms-tnef"
            | "application/pkcs7-mime"
            | "application/x-pkcs7-mime"
            | "application/pgp-encrypted"
    )
}
