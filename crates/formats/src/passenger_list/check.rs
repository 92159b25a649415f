//! What is done when a name element ends: remarks find their owners, locators their booking, and
//! every typed element is read once so that what is wrong with it is told.

use std::borrow::Cow;

use crate::passenger_list::connection::Connection;
use crate::passenger_list::element::{BagTag, Bags, Code, Element, Whom, locator};
use crate::passenger_list::model::{Locator, PersonKind, narrow, wide};
use crate::passenger_list::parse::Reader;
use crate::passenger_list::remark::Remark;
use crate::passenger_list::{refer, remark, rules};

impl<'t> Reader<'t, '_> {
    pub(super) fn close_name(&mut self) {
        if !std::mem::replace(&mut self.open, false) {
            return;
        }
        self.remark_open = false;
        let end = narrow(self.list.elements.len());
        let Some(name) = self.list.names.last_mut() else { return };
        name.elements.end = end;
        let (elements, passengers) = (name.elements.clone(), wide(&name.passengers));
        let (surname, booking) = (name.surname, name.booking);
        let airline = self.list.airline();
        for index in wide(&elements) {
            let Some(element) = self.list.elements.get_mut(index) else { break };
            let people = self.list.passengers.get_mut(passengers.clone()).unwrap_or_default();
            match element.code {
                Code::Remark => {
                    if let Some(reference) = refer::find(&element.text, surname, people) {
                        element.reference = narrow(reference.at);
                        element.whom = reference.whom.unwrap_or(Whom::Everyone);
                        if reference.whom.is_none() {
                            let at = element.at as usize;
                            self.said.add(rules::UNKNOWN_REFERENCE, at..at + 2);
                        }
                    }
                    check_remark(element, people, self.text, self.said);
                }
                Code::Locator => {
                    if let Some(found) = own_locator(element, airline, self.said) {
                        self.add_locator(booking, found);
                    }
                }
                _ => check_other(element, self.said),
            }
        }
    }
}

type Said<'d, 't> = &'d mut crate::diagnostic::Diagnostics<'t>;

/// The locator of an element, borrowed from the message: locators are never continued.
fn own_locator<'t>(
    element: &Element<'t>,
    airline: &'t str,
    said: Said<'_, 't>,
) -> Option<Locator<'t>> {
    let Cow::Borrowed(text) = element.text else { return None };
    let found = locator(text.trim_ascii_end(), airline, &mut |rule, piece| said.at(rule, piece));
    (!found.code.is_empty()).then_some(found)
}

fn check_remark<'t>(
    element: &mut Element<'t>,
    people: &mut [crate::passenger_list::model::Passenger<'t>],
    text: &'t str,
    said: Said<'_, 't>,
) {
    let at = element.at as usize;
    let label = at..text.len().min(at + element.label.len() + 2);
    let borrowed = matches!(element.text, Cow::Borrowed(_));
    let mut complain = |rule, piece: &str| {
        // A piece of a continued remark is no piece of the message: its first line is pointed at.
        if borrowed { said.at(rule, piece) } else { said.add(rule, label.clone()) }
    };
    let whom = match remark::read(element.own_text(), &mut complain) {
        Remark::Child { .. } => {
            let child = people.iter_mut().enumerate();
            let all = child.len();
            for (_, person) in child.filter(|(place, _)| element.whom.is(*place, all)) {
                if person.kind == PersonKind::Adult {
                    person.kind = PersonKind::Child;
                }
            }
            None
        }
        Remark::Document(document) if element.whom == Whom::Everyone && people.len() > 1 => {
            refer::by_given(document.given, people)
        }
        _ => None,
    };
    if let Some(whom) = whom {
        element.whom = whom;
    }
}

fn check_other<'t>(element: &Element<'t>, said: Said<'_, 't>) {
    let Cow::Borrowed(text) = element.text else { return };
    let text = text.trim_ascii_end();
    let (good, rule) = match element.code {
        Code::Onward(_) | Code::Inbound(_) | Code::Marketing => {
            (Connection::read(text).is_some(), rules::BAD_CONNECTION)
        }
        Code::Bags => (Bags::read(text).is_some(), rules::BAD_BAGS),
        Code::BagTag => (BagTag::read(text).is_some(), rules::BAD_BAGS),
        _ => return,
    };
    if !good {
        said.at(rule, text);
    }
}
