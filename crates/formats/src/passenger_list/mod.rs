//! Passenger lists: PNL, ADL, PFS, PRL, ETL, FTL and TPM, which share one grammar.
//!
//! The order of things in a message: flight line, heading (`CFG`, `RBD`, `AVAIL`, …), then sections. A
//! section is what the lines below it inherit: destination, booking class, and in an ADL whether they
//! are deleted, added or changed, in a PFS what became of them. Below a section stand name elements
//! (`2WANG/WU/XIAOBAOCHD-B2`), below each name element its sub-elements (`.L/`, `.R/`, …).
//!
//! [`PassengerList`] keeps this flat: sections, names, passengers, elements, each a vector in the order
//! of the message, each pointing at its neighbours by index. [`PassengerList::people`] gives the view
//! that most readers want. One message is one part; [`merge`] makes one list of all parts.

mod check;
pub(crate) mod connection;
mod contact;
mod document;
mod element;
pub(crate) mod heading;
mod json;
mod key;
pub(crate) mod line;
mod merge;
mod model;
pub(crate) mod name;
pub(crate) mod parse;
mod people;
mod refer;
mod remark;
pub mod rules;
mod seat;
mod section;
mod ticket;
mod trip;
mod write;

pub use connection::{Airports, Connection};
pub use contact::{Contact, ContactKind};
pub use document::{Address, Document, DocumentKind, Gender, Identity, ShortDate, Visa};
pub use element::{BagTag, Bags, Code, Detail, Element, Whom};
pub use key::{Identity as IdentityKey, PartKey};
pub use merge::{Merged, Problem, merge};
pub use model::{
    Availability, Booking, Change, Compartment, Configuration, End, Flight, Group, Locator, Name,
    Numerics, Passenger, PassengerList, PersonKind, Section,
};
pub use name::{Title, split_title};
pub use parse::{parse, read_body};
pub use people::{Infant, Person};
pub use remark::{Ancillary, FrequentFlyer, InfantRemark, Remark, ServiceRequest};
pub use ticket::{Ticket, TicketNumber};
pub use write::{ListWriter, write};
