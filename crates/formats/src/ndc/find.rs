//! What consumers ask of an order.

use serde::Serialize;

use super::{ContactInfo, Message, Order, Passenger, Segment};

/// What the senders' words for the state of an order come down to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Not yet ordered: DRAFT, QUOTED, PENDING.
    Draft,
    /// OPEN, OPENED, CONFIRMED, TICKETED.
    Open,
    /// CLOSED, COMPLETED, DELIVERED, FULFILLED.
    Closed,
    /// CANCELLED, CANCELED, VOID.
    Cancelled,
}

impl Order<'_> {
    /// The state of the order, if its word is known.
    #[must_use]
    pub fn standing(&self) -> Option<Standing> {
        match &*self.status.to_ascii_uppercase() {
            "DRAFT" | "QUOTED" | "PENDING" => Some(Standing::Draft),
            "OPEN" | "OPENED" | "CONFIRMED" | "TICKETED" => Some(Standing::Open),
            "CLOSED" | "COMPLETED" | "DELIVERED" | "FULFILLED" => Some(Standing::Closed),
            "CANCELLED" | "CANCELED" | "VOID" => Some(Standing::Cancelled),
            _ => None,
        }
    }
}

impl<'t> Message<'t> {
    /// The passenger of that id.
    #[must_use]
    pub fn passenger(&self, id: &str) -> Option<&Passenger<'t>> {
        self.passengers.iter().find(|passenger| passenger.id == id)
    }

    /// The segment of that id.
    #[must_use]
    pub fn segment(&self, id: &str) -> Option<&Segment<'t>> {
        self.segments.iter().find(|segment| segment.id == id)
    }

    /// Contacts of a passenger: those that stand there, and those referred to.
    pub fn contacts_of<'r>(
        &'r self,
        passenger: &'r Passenger<'t>,
    ) -> impl Iterator<Item = &'r ContactInfo<'t>> {
        let named = |contact: &&ContactInfo<'t>| passenger.contact_refs.contains(&contact.id);
        passenger.contacts.iter().chain(self.contacts.iter().filter(named))
    }
}
