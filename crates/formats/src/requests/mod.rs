//! What special service requests (SSR) and other service information (OSI) say, as far as an airline
//! can use it: documents, tickets, memberships, contacts, infants, seats.
//!
//! The grammar is that of AIRIMP; booking messages and PNRGOV carry the same text. Everything is read
//! from the text of one request; a field that does not fit is left empty, the rest is kept.

mod contact;
mod details;
mod read;

#[cfg(test)]
mod tests;

pub use contact::{Contact, contact_in, email_of};
pub use details::{
    Address, Details, Document, Identity, Infant, Membership, Sex, TicketCoupon, Visa,
};
pub use read::{born_on, read, ticket_in};
