//! The tree that people see: sections hold names, names hold passengers and elements.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::passenger_list::element::{Code, Detail, Element, Whom};
use crate::passenger_list::model::{
    End, Name, Passenger, PassengerList, PersonKind, Section, wide,
};

impl Serialize for PassengerList<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("kind", &self.kind)?;
        optional(&mut map, "flight", self.flight.as_ref())?;
        optional(&mut map, "part", self.part)?;
        if self.end != End::Missing {
            map.serialize_entry("end", &self.end)?;
        }
        optional(&mut map, "association", self.association)?;
        optional(&mut map, "departed", self.departed)?;
        filled(&mut map, "configuration", &self.configuration)?;
        filled(&mut map, "compartments", &self.compartments)?;
        if !self.available.stations.is_empty() || !self.available.rows.is_empty() {
            map.serialize_entry("available", &self.available)?;
        }
        if !self.transit.stations.is_empty() || !self.transit.rows.is_empty() {
            map.serialize_entry("transit", &self.transit)?;
        }
        filled(&mut map, "numerics", &self.numerics)?;
        filled(&mut map, "other", &self.other)?;
        if self.nil {
            map.serialize_entry("nil", &true)?;
        }
        map.serialize_entry("sections", &Sections(self))?;
        map.end()
    }
}

fn optional<M: SerializeMap>(
    map: &mut M,
    key: &'static str,
    value: Option<impl Serialize>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, &value))
}

fn filled<M: SerializeMap, T: Serialize>(
    map: &mut M,
    key: &'static str,
    values: &[T],
) -> Result<(), M::Error> {
    if values.is_empty() { Ok(()) } else { map.serialize_entry(key, values) }
}

fn text<M: SerializeMap>(map: &mut M, key: &'static str, value: &str) -> Result<(), M::Error> {
    if value.is_empty() { Ok(()) } else { map.serialize_entry(key, value) }
}

struct Sections<'l, 't>(&'l PassengerList<'t>);

impl Serialize for Sections<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.sections.iter().map(|section| OneSection(self.0, section)))
    }
}

struct OneSection<'l, 't>(&'l PassengerList<'t>, &'l Section<'t>);

impl Serialize for OneSection<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(list, section) = self;
        let mut map = to.serialize_map(None)?;
        text(&mut map, "destination", section.destination)?;
        text(&mut map, "class", section.class)?;
        optional(&mut map, "compartment", list.compartment(section.class))?;
        optional(&mut map, "count", section.count)?;
        optional(&mut map, "pad", section.pad)?;
        optional(&mut map, "change", section.change)?;
        optional(&mut map, "category", section.category)?;
        let names = list.names.get(wide(&section.names)).unwrap_or_default();
        if !names.is_empty() {
            map.serialize_entry("names", &Names(list, names))?;
        }
        map.end()
    }
}

struct Names<'l, 't>(&'l PassengerList<'t>, &'l [Name<'t>]);

impl Serialize for Names<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut seq = to.serialize_seq(Some(self.1.len()))?;
        for name in self.1 {
            seq.serialize_element(&OneName(self.0, name))?;
        }
        seq.end()
    }
}

struct OneName<'l, 't>(&'l PassengerList<'t>, &'l Name<'t>);

impl Serialize for OneName<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(list, name) = self;
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("surname", name.surname)?;
        map.serialize_entry("count", &name.count)?;
        optional(&mut map, "group", name.group)?;
        let locators: Vec<_> = list.locators_of(name.booking).collect();
        filled(&mut map, "locators", &locators)?;
        let passengers = list.passengers.get(wide(&name.passengers)).unwrap_or_default();
        let passengers: Vec<_> = passengers.iter().map(OnePassenger).collect();
        map.serialize_entry("passengers", &passengers)?;
        let elements = list.elements.get(wide(&name.elements)).unwrap_or_default();
        let typed = elements.iter().map(|element| OneElement(element, list.airline()));
        filled(&mut map, "elements", &typed.collect::<Vec<_>>())?;
        map.end()
    }
}

struct OnePassenger<'l, 't>(&'l Passenger<'t>);

impl Serialize for OnePassenger<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("given", self.0.given)?;
        optional(&mut map, "title", self.0.title)?;
        if self.0.kind != PersonKind::Adult {
            map.serialize_entry("kind", &self.0.kind)?;
        }
        map.end()
    }
}

struct OneElement<'l, 't>(&'l Element<'t>, &'t str);

impl Serialize for OneElement<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(element, airline) = self;
        let mut map = to.serialize_map(None)?;
        let label = if element.label.is_empty() { "text" } else { element.label };
        map.serialize_entry("code", label)?;
        match element.whom {
            Whom::Everyone => {}
            Whom::One(place) => map.serialize_entry("of", &[u32::from(place)])?,
            Whom::Several(bits) => {
                let places = (0..64_u32).filter(|place| bits >> place & 1 == 1);
                map.serialize_entry("of", &places.collect::<Vec<_>>())?;
            }
        }
        match element.detail(airline) {
            Detail::Status("") => {}
            Detail::Status(text) | Detail::Other(text) | Detail::Unique(text) => {
                map.serialize_entry("text", text)?;
            }
            Detail::Remark(remark) => map.serialize_entry("remark", &remark)?,
            Detail::Onward(_, flight) | Detail::Inbound(_, flight) | Detail::Marketing(flight) => {
                map.serialize_entry("flight", &flight)?;
            }
            Detail::Locator(locator) => map.serialize_entry("locator", &locator)?,
            Detail::Corporate(name) | Detail::BagPool(name) => map.serialize_entry("text", name)?,
            Detail::Bags(bags) => map.serialize_entry("bags", &bags)?,
            Detail::BagTag(tag) => map.serialize_entry("tag", &tag)?,
        }
        if element.code == Code::Remark {
            map.serialize_entry("sent", &element.text)?;
        }
        map.end()
    }
}
