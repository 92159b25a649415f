//! E-mails of invented people and what is taken of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use collect::mail::{Body, Mail, Reading, Why, read};
use proptest::prelude::*;

fn mail(headers: &str, body: &str) -> String {
    let text = format!(
        "From: \"Gateway, Type B\" <Gateway@Ops.Example>\nMessage-ID: <a1@ops.example>\n\
         Date: Mon, 23 Nov 2026 09:15:00 +0800\n{headers}\n\n{body}"
    );
    text.replace('\n', "\r\n")
}

fn taken(raw: impl AsRef<[u8]>) -> Mail {
    read(1, raw.as_ref(), &Reading::default()).unwrap()
}

fn why(raw: impl AsRef<[u8]>, reading: &Reading) -> Why {
    read(1, raw.as_ref(), reading).unwrap_err().why
}

/// Name, media type, bytes.
fn pieces(mail: &Mail) -> Vec<(Option<&str>, &str, &[u8])> {
    mail.pieces
        .iter()
        .map(|piece| (piece.name.as_deref(), piece.media_type.as_str(), piece.bytes.as_slice()))
        .collect()
}

const MIXED: &str = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_x\"";

#[test]
fn a_text_alone_is_the_message() {
    let raw =
        mail("Content-Type: text/plain; charset=us-ascii", "QU PEKRMCA\n.PEKRMXB 230115\nMVT\n");
    let mail = taken(&raw);
    assert_eq!(
        pieces(&mail),
        [(None, "text/plain", &b"QU PEKRMCA\r\n.PEKRMXB 230115\r\nMVT\r\n"[..])]
    );
    assert_eq!(mail.sender.unwrap().reveal(), "gateway@ops.example");
    assert_eq!(mail.message_id.unwrap().reveal(), "a1@ops.example");
    assert_eq!(mail.date.unwrap().to_rfc3339(), "2026-11-23T01:15:00+00:00");
}

#[test]
fn attachments_are_taken_byte_for_byte_and_the_text_beside_them_is_not() {
    let raw = mail(
        MIXED,
        "--=_x\nContent-Type: text/plain\n\nPlease find attached. Li Na\n\
         --=_x\nContent-Type: application/octet-stream; name=\"../../PNL_XB12.pnl\"\n\
         Content-Transfer-Encoding: base64\n\nUE5MDQpYQjAwMTIvMjNOT1Y=\n\
         --=_x\nContent-Type: text/csv; charset=gb2312; name=\"coupons.csv\"\n\
         Content-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n1tzG9MP3LDEyMzQNCg==\n\
         --=_x\nContent-Type: text/plain\nContent-Disposition: inline; filename=\"adl.txt\"\n\
         Content-Transfer-Encoding: quoted-printable\n\nADL=0D=0ACHG=\n\
         --=_x\nContent-Type: application/gzip\n\
         Content-Disposition: attachment; filename*=UTF-8''%E8%88%AA%E7%8F%AD.gz\n\
         Content-Transfer-Encoding: base64\n\nH4sIAAAA\n\
         --=_x\nContent-Type: image/png; name=\"logo.png\"\nContent-Transfer-Encoding: base64\n\niVBO\n\
         --=_x--\n",
    );
    let mail = taken(&raw);
    let csv = b"\xd6\xdc\xc6\xf4\xc3\xf7,1234\r\n";
    assert_eq!(
        pieces(&mail),
        [
            (Some("PNL_XB12.pnl"), "application/octet-stream", &b"PNL\r\nXB0012/23NOV"[..]),
            (Some("coupons.csv"), "text/csv", &csv[..]),
            (Some("adl.txt"), "text/plain", &b"ADL\r\nCHG"[..]),
            (Some("航班.gz"), "application/gzip", &b"\x1f\x8b\x08\0\0\0"[..]),
        ]
    );
    let with_body = Reading { body: Body::Always, ..Reading::default() };
    let mail = read(1, raw.as_bytes(), &with_body).unwrap();
    assert_eq!(mail.pieces.len(), 5);
    assert_eq!(mail.pieces[4].bytes, b"Please find attached. Li Na");
    let named = Reading { names: vec!["*.pnl".to_owned()], ..Reading::default() };
    assert_eq!(read(1, raw.as_bytes(), &named).unwrap().pieces.len(), 1);
    let none = Reading { names: vec!["*.xml".to_owned()], body: Body::Never, ..Reading::default() };
    assert_eq!(why(&raw, &none), Why::Empty);
}

#[test]
fn character_sets_of_texts_are_undone_where_they_are_named() {
    let base64 = "Content-Transfer-Encoding: base64";
    let named = mail(&format!("Content-Type: text/plain; charset=gb18030\n{base64}"), "1tzG9MP3\n");
    assert_eq!(taken(&named).pieces[0].bytes, "周启明".as_bytes());
    let koi = mail(&format!("Content-Type: text/plain; charset=koi8-r\n{base64}"), "6dfBzs/X\n");
    assert_eq!(taken(&koi).pieces[0].bytes, "Иванов".as_bytes());
    let unnamed = mail(&format!("Content-Type: text/plain\n{base64}"), "1tzG9MP3\n");
    assert_eq!(taken(&unnamed).pieces[0].bytes, b"\xd6\xdc\xc6\xf4\xc3\xf7", "as it is");
    let unknown = mail(&format!("Content-Type: text/plain; charset=x-9\n{base64}"), "1tzG9MP3\n");
    assert_eq!(taken(&unknown).pieces[0].bytes, b"\xd6\xdc\xc6\xf4\xc3\xf7");
}

#[test]
fn html_becomes_text_or_is_passed_over() {
    let raw = mail("Content-Type: text/html; charset=utf-8", "<p>MVT</p><p>XB0012/23</p>\n");
    let text = String::from_utf8(taken(&raw).pieces.remove(0).bytes).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["MVT", "XB0012/23"]);
    assert_eq!(why(&raw, &Reading { html: false, ..Reading::default() }), Why::Html);
    let both = mail(
        "Content-Type: multipart/alternative; boundary=b",
        "--b\nContent-Type: text/plain\n\nMVT\n--b\nContent-Type: text/html\n\n<b>MVT</b>\n--b--\n",
    );
    assert_eq!(pieces(&taken(&both)), [(None, "text/plain", &b"MVT"[..])]);
}

fn forwarded(levels: usize) -> String {
    let mut body = "Content-Type: text/plain\n\nPSM\n".to_owned();
    for level in 0..levels {
        body = format!(
            "Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n\
             Content-Type: message/rfc822\n\nFrom: someone@ops.example\n{body}\n--b{level}--\n"
        );
    }
    format!("From: gateway@ops.example\n{body}").replace('\n', "\r\n")
}

#[test]
fn attached_mails_are_opened_to_a_depth() {
    let mail = taken(forwarded(3));
    assert_eq!(mail.pieces.len(), 1);
    assert!(mail.pieces[0].bytes.starts_with(b"PSM"));
    assert_eq!(why(forwarded(4), &Reading::default()), Why::TooDeep);
    assert_eq!(why(forwarded(3), &Reading { depth: 0, ..Reading::default() }), Why::TooDeep);
}

#[test]
fn who_may_send() {
    let raw = mail("Subject: x", "MVT\n");
    let only = |one: &str| Reading { senders: vec![one.to_owned()], ..Reading::default() };
    for one in ["gateway@ops.example", "ops.example", "@OPS.example"] {
        assert!(read(1, raw.as_bytes(), &only(one)).is_ok(), "{one}");
    }
    for one in ["example", "other@ops.example", "xops.example"] {
        assert_eq!(why(&raw, &only(one)), Why::Sender, "{one}");
    }
    let passed = read(9, raw.as_bytes(), &only("example")).unwrap_err();
    assert_eq!(passed.uid, 9);
    assert!(!format!("{passed:?}").contains("ops.example"));
}

#[test]
fn answers_of_programs_bring_nothing() {
    let usual = Reading::default();
    let generated = Reading { generated: true, ..Reading::default() };
    for (headers, without, with) in [
        ("Auto-Submitted: auto-replied", Some(Why::AutoReply), Some(Why::AutoReply)),
        ("Auto-Submitted: auto-generated", Some(Why::Generated), None),
        ("Auto-Submitted: no", None, None),
        ("X-Autoreply: yes", Some(Why::AutoReply), Some(Why::AutoReply)),
        ("Subject: Automatic reply: PNL", Some(Why::AutoReply), Some(Why::AutoReply)),
        (
            "Subject: =?UTF-8?B?6Ieq5Yqo5Zue5aSNOiDkvJHlgYc=?=",
            Some(Why::AutoReply),
            Some(Why::AutoReply),
        ),
        ("Return-Path: <>", Some(Why::Report), None),
        ("Return-Path: <gateway@ops.example>", None, None),
        (
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            Some(Why::Report),
            Some(Why::Report),
        ),
    ] {
        let raw = mail(headers, "MVT\n");
        let reason = |reading| read(1, raw.as_bytes(), reading).err().map(|passed| passed.why);
        assert_eq!((reason(&usual), reason(&generated)), (without, with), "{headers}");
    }
    let bounce = "From: MAILER-DAEMON@mx.example\r\n\r\nfailed\r\n";
    assert_eq!(why(bounce, &usual), Why::Report);
}

#[test]
fn what_cannot_be_read_says_why() {
    let usual = Reading::default();
    assert_eq!(why(mail("Subject: empty", "  \n \n"), &usual), Why::Empty);
    let tnef = "--=_x\nContent-Type: application/ms-tnef; name=winmail.dat\n\
                Content-Transfer-Encoding: base64\n\nAAAA\n--=_x--\n";
    assert_eq!(why(mail(MIXED, tnef), &usual), Why::Sealed);
    let sealed = "Content-Type: multipart/encrypted; boundary=b";
    let parts = "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\
                 --b\nContent-Type: application/octet-stream\n\nxx\n--b--\n";
    assert_eq!(why(mail(sealed, parts), &usual), Why::Sealed);
    assert_eq!(why("", &usual), Why::Unreadable);
    let image =
        "--=_x\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n--=_x--\n";
    assert_eq!(why(mail(MIXED, image), &usual), Why::Empty);
}

#[test]
fn bombs_are_refused_before_they_are_taken_apart() {
    let usual = Reading::default();
    let parts = "--=_x\n\nx\n".repeat(100_000);
    assert_eq!(why(mail(MIXED, &parts), &usual), Why::TooManyParts);
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(100_000);
    assert_eq!(why(nested, &usual), Why::TooManyParts);
    let headers = "X: y\n".repeat(200_000);
    assert_eq!(why(mail(&headers, "x"), &usual), Why::TooManyParts);
    // As deep as is let through, within the stack of a thread of a worker.
    let deep = "Content-Type: message/rfc822\r\n\r\n".repeat(450);
    let thread = std::thread::Builder::new().stack_size(1024 * 1024);
    let done = thread.spawn(move || why(deep, &Reading::default())).unwrap().join().unwrap();
    assert!(matches!(done, Why::TooDeep | Why::Unreadable | Why::Empty), "{done:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_have_an_outcome(
        start in 0_usize..2_000,
        cut in 0_usize..2_000,
        noise in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut raw = forwarded(3).into_bytes();
        let start = start.min(raw.len());
        let end = (start + cut % 60).min(raw.len());
        raw.splice(start..end, noise);
        match read(3, &raw, &Reading::default()) {
            Ok(mail) => prop_assert!(!mail.pieces.is_empty()),
            Err(passed) => prop_assert_eq!(passed.uid, 3),
        }
    }
}
