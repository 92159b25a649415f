//! E-mails that bring no messages: answers of people who are out, failed deliveries.

use mail_parser::{HeaderName, Message, MimeHeaders as _};

use super::{Reading, Why};

/// How programs begin the subject of an automatic answer where they say it nowhere else.
const ANSWERS: &[&str] =
    &["automatic reply:", "out of office:", "auto:", "自动回复:", "自动回复："];

/// Why the e-mail is passed over, if it is.
pub(super) fn reason(
    message: &Message<'_>,
    sender: Option<&str>,
    reading: &Reading,
) -> Option<Why> {
    let said = header(message, HeaderName::AutoSubmitted);
    let answer = said.starts_with("auto-replied")
        || !other(message, "X-Autoreply").is_empty()
        || !other(message, "X-Autorespond").is_empty()
        || other(message, "Precedence").starts_with("auto_reply")
        || message.subject().is_some_and(|subject| {
            let subject = subject.trim_start().to_lowercase();
            ANSWERS.iter().any(|start| subject.starts_with(start))
        });
    if answer {
        return Some(Why::AutoReply);
    }
    let report = message.is_content_type("multipart", "report");
    let person = sender.and_then(|sender| sender.split('@').next());
    if report || matches!(person, Some("mailer-daemon" | "postmaster")) {
        return Some(Why::Report);
    }
    let generated = !said.is_empty() && !said.starts_with("no");
    if generated && !reading.generated {
        return Some(Why::Generated);
    }
    // Nobody to answer to: a bounce, or a gateway that wants no answers.
    let nobody = header(message, HeaderName::ReturnPath) == "<>";
    (nobody && !reading.generated).then_some(Why::Report)
}

/// Whether `sender` is one of `allowed`: addresses, or domains with or without `@`.
pub(super) fn may_send(sender: Option<&str>, allowed: &[String]) -> bool {
    if allowed.is_empty() {
        return true;
    }
    let Some((_, domain)) = sender.and_then(|sender| sender.rsplit_once('@')) else {
        return false;
    };
    allowed.iter().any(|one| {
        let one = one.trim().to_lowercase();
        match one.strip_prefix('@').or((!one.contains('@')).then_some(one.as_str())) {
            Some(only) => only == domain,
            None => Some(one.as_str()) == sender,
        }
    })
}

fn header(message: &Message<'_>, name: HeaderName<'static>) -> String {
    message.header_raw(name).unwrap_or_default().trim().to_lowercase()
}

fn other(message: &Message<'_>, name: &'static str) -> String {
    header(message, HeaderName::parse(name).unwrap_or(HeaderName::Other(name.into())))
}

#[cfg(test)]
mod tests {
    use super::may_send;

    #[test]
    fn senders_by_address_and_by_domain() {
        let list = |text: &str| vec![text.to_owned()];
        let sender = Some("gateway@ops.example.com");
        assert!(may_send(sender, &[]));
        assert!(may_send(sender, &list("Gateway@OPS.example.com")));
        assert!(may_send(sender, &list("ops.example.com")));
        assert!(may_send(sender, &list("@ops.example.com")));
        assert!(!may_send(sender, &list("example.com")), "not those below");
        assert!(!may_send(sender, &list("other@ops.example.com")));
        assert!(!may_send(Some("ops.example.com"), &list("ops.example.com")));
        assert!(!may_send(None, &list("example.com")));
    }
}
