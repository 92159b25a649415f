//! Any message: envelope, kind, record, findings.

use serde::Serialize;

use crate::baggage::{self, tracing};
use crate::boarding_pass::{self, BoardingPass};
use crate::booking::{self, Booking};
use crate::detect::{self, Kind};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::envelope::{self, Envelope};
use crate::passenger_list::{self, PassengerList};
use crate::psm::{self, ServiceList};
use crate::ptm::{self, TransferList};
use crate::schedule::{self, Schedule};
use crate::text::{Charset, Text};
use crate::{load, movement, ndc, paxlst, pnrgov, schedule_change};

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
    /// MVT, MVA, DIV.
    Movements(Box<movement::Message<'t>>),
    /// LDM.
    Load(Box<load::Message<'t>>),
    /// SSM, ASM.
    ScheduleChange(Box<schedule_change::Message<'t>>),
    /// A schedule file of SSIM chapter 7, collected. Big ones are better streamed:
    /// [`crate::schedule::legs`].
    Schedule(Box<Schedule<'t>>),
    /// BSM, BPM and their family: one text may hold several.
    Bags(Vec<baggage::Message<'t>>),
    /// AHL, OHD, FWD and their family.
    Tracing(Box<tracing::File<'t>>),
    /// The bar code of a boarding pass.
    BoardingPass(Box<BoardingPass<'t>>),
    /// PNRGOV.
    Records(Box<pnrgov::Interchange<'t>>),
    /// PAXLST.
    Lists(Vec<paxlst::List<'t>>),
    /// A booking message of AIRIMP.
    Booking(Box<Booking<'t>>),
    /// An NDC order.
    Order(Box<ndc::Message<'t>>),
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
    let content = envelope.content_of(text);
    match kind {
        Kind::Pnl | Kind::Adl | Kind::Pfs | Kind::Prl | Kind::Etl | Kind::Ftl | Kind::Tpm => {
            let list = passenger_list::read_body(kind, text, body, said);
            Message::PassengerList(Box::new(list))
        }
        Kind::Psm => Message::Services(Box::new(psm::read_body(text, body, said))),
        Kind::Ptm => Message::Transfers(Box::new(ptm::read_body(text, body, said))),
        Kind::Mvt | Kind::Mva | Kind::Div => {
            Message::Movements(Box::new(movement::read(content, said)))
        }
        Kind::Ldm => Message::Load(Box::new(load::read(content, said))),
        Kind::Ssm | Kind::Asm => {
            Message::ScheduleChange(Box::new(schedule_change::read(content, said)))
        }
        Kind::Ssim => Message::Schedule(Box::new(schedule::read(text, said))),
        Kind::Bsm | Kind::Bpm => Message::Bags(baggage::read(content, said)),
        Kind::Ahl | Kind::Ohd | Kind::Fwd => {
            Message::Tracing(Box::new(tracing::read(content, said)))
        }
        Kind::Bcbp => Message::BoardingPass(Box::new(boarding_pass::parse_into(text, said))),
        Kind::Pnrgov => Message::Records(Box::new(pnrgov::parse_into(content, said))),
        Kind::Paxlst => Message::Lists(paxlst::parse_into(content, said)),
        Kind::Airimp => Message::Booking(Box::new(booking::parse_into(content, said))),
        Kind::NdcOrder => Message::Order(Box::new(ndc::parse_into(text, said))),
        Kind::Unknown => Message::Unread,
    }
}
