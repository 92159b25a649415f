//! Any message: envelope, kind, record, findings.

use serde::Serialize;

use crate::detect::{self, Kind};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::envelope::{self, Envelope};
use crate::passenger_list::{self, PassengerList};
use crate::psm::{self, ServiceList};
use crate::ptm::{self, TransferList};
use crate::text::{Charset, Text};

/// The record of one message.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Message<'t> {
    /// PNL, ADL, PFS, PRL, ETL, FTL, TPM.
    PassengerList(Box<PassengerList<'t>>),
    /// PSM.
    Services(Box<ServiceList<'t>>),
    /// PTM.
    Transfers(Box<TransferList<'t>>),
    /// A kind that is not read. The caller has the text.
    Unread,
}

/// What [`read`] gives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Read<'t> {
    /// How the bytes were read as text.
    pub charset: Charset,
    /// The kind of message.
    pub kind: Kind,
    /// What stood around it.
    pub envelope: Envelope<'t>,
    /// What it says.
    pub message: Message<'t>,
    /// What was found wrong or unusual, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a decoded message of any kind: `read(&text::decode(bytes))`.
#[must_use]
pub fn read<'t>(text: &'t Text<'_>) -> Read<'t> {
    let charset = text.charset();
    let text = text.as_str();
    let mut said = Diagnostics::of(text);
    let envelope = envelope::read(text, &mut said);
    let kind = detect::kind(text, &envelope);
    let message = read_kind(kind, text, &envelope, &mut said);
    Read { charset, kind, envelope, message, diagnostics: said.finish() }
}

/// Each kind to its reader. `envelope.body` is what follows the identifier line, `envelope.content`
/// begins with it.
fn read_kind<'t>(
    kind: Kind,
    text: &'t str,
    envelope: &Envelope<'t>,
    said: &mut Diagnostics<'t>,
) -> Message<'t> {
    let body = envelope.body.clone();
    match kind {
        Kind::Pnl | Kind::Adl | Kind::Pfs | Kind::Prl | Kind::Etl | Kind::Ftl | Kind::Tpm => {
            let list = passenger_list::read_body(kind, text, body, said);
            Message::PassengerList(Box::new(list))
        }
        Kind::Psm => Message::Services(Box::new(psm::read_body(text, body, said))),
        Kind::Ptm => Message::Transfers(Box::new(ptm::read_body(text, body, said))),
        // Operations: movement, load, schedules, baggage.
        Kind::Mvt | Kind::Mva | Kind::Div | Kind::Ldm => Message::Unread,
        Kind::Ssm | Kind::Asm | Kind::Ssim => Message::Unread,
        Kind::Bsm | Kind::Bpm | Kind::Ahl | Kind::Ohd | Kind::Fwd => Message::Unread,
        // Tickets and bookings.
        Kind::Bcbp | Kind::Pnrgov | Kind::Paxlst | Kind::Airimp | Kind::NdcOrder => Message::Unread,
        Kind::Unknown => Message::Unread,
    }
}
