//! Passengers: names, contacts, memberships, documents.

use std::borrow::Cow;

use super::super::tree::Node;
use super::super::{Company, ContactInfo, IdentityDocument, Membership, Passenger};
use super::dates::day_or_note;
use super::{MOST_BOOKINGS, Word, first, key};
use crate::diagnostic::Diagnostics;

pub(super) fn passenger<'t>(node: &Node<'t>, notes: &mut Diagnostics<'t>) -> Option<Passenger<'t>> {
    let individual = node.child("Individual").or_else(|| node.child("Name")).unwrap_or(node);
    let mut given = Vec::new();
    individual.all(&["GivenName", "Given", "MiddleName", "Middle"], &mut given);
    let given: Vec<Word<'t>> = given.into_iter().map(Node::own).collect();
    let given = match given.as_slice() {
        [] => Cow::Borrowed(""),
        [one] => one.clone(),
        several => Cow::Owned(several.join(" ").trim().to_owned()),
    };
    let mut contacts = Vec::new();
    node.all(&["Contact", "ContactInformation", "ContactInfo"], &mut contacts);
    let mut read = Passenger {
        id: key(node),
        kind: first(node.text_of(&["PTC"]), || node.deep(&["PTC", "PassengerTypeCode"])),
        surname: individual.text_of(&["Surname"]),
        given,
        title: individual.text_of(&["TitleName", "NameTitle", "Title"]),
        born: None,
        sex: first(node.deep(&["GenderCode", "Gender"]), || individual.attribute("Gender")),
        adult: node.text_of(&["PaxRefID", "PassengerAssociation", "InfantRef"]),
        contact_refs: node.words(&["ContactInfoRefID", "ContactInfoRef", "ContactInfoRefs"]),
        contacts: contacts.into_iter().map(contact).filter(|one| !is_empty(one)).collect(),
        ..Passenger::default()
    };
    let born = node.deep(&["Birthdate", "BirthDate", "DateOfBirth"]);
    read.born = day_or_note(&born, node, notes);
    loyalty(node, &mut read);
    read.identity = identity(node, notes);
    let nothing = read.id.is_empty() && read.surname.is_empty() && read.kind.is_empty();
    (!nothing).then_some(read)
}

/// Memberships, and companies' numbers that ride in the same element.
fn loyalty<'t>(node: &Node<'t>, into: &mut Passenger<'t>) {
    let mut accounts = Vec::new();
    node.all(&["LoyaltyProgramAccount", "LoyaltyProgram", "FQTV", "FQTVs"], &mut accounts);
    for account in accounts {
        // `FQTVs` may hold several, or be the account itself.
        let mut inner = Vec::new();
        account.all(&["FQTV", "TravelerFQTV_Information"], &mut inner);
        let list = if inner.is_empty() { vec![account] } else { inner };
        for account in list.into_iter().take(MOST_BOOKINGS) {
            let number = first(account.text_of(&["AccountNumber"]), || {
                account.deep(&["AccountNumber", "Number", "MembershipID", "ID"])
            });
            if number.is_empty() {
                continue;
            }
            let airline = account.deep(&[
                "AirlineDesigCode",
                "AirlineDesignator",
                "AirlineID",
                "CarrierCode",
                "Code",
            ]);
            let programme = account.deep(&["ProgramName", "ProgramCode", "ProgramID"]);
            let names = ["ProgramName", "ProgramCode", "ProgramID", "ProviderName", "SignInID"];
            let company = names
                .iter()
                .any(|name| account.find(name).is_some_and(|found| is_company(&found.own())));
            if company || is_company(&number) {
                into.companies.push(Company { airline, number });
            } else {
                let tier = account.deep(&["TierCode", "TierName", "Tier", "TierLevel"]);
                into.memberships.push(Membership { airline, number, programme, tier });
            }
        }
    }
}

/// `CLID`, `CORP`, or a number that says so: not a person's programme.
fn is_company(programme: &str) -> bool {
    let upper = programme.to_ascii_uppercase();
    upper == "CORP" || upper.contains("CLID") || upper.contains("CORPORATE")
}

fn identity<'t>(node: &Node<'t>, notes: &mut Diagnostics<'t>) -> Vec<IdentityDocument<'t>> {
    let mut found = Vec::new();
    node.all(&["IdentityDoc", "IdentityDocument", "PassengerIDInfo", "FOID"], &mut found);
    let mut read = Vec::new();
    for document in found.into_iter().take(MOST_BOOKINGS) {
        let kind = document.deep(&[
            "IdentityDocTypeCode",
            "IdentityDocumentType",
            "DocType",
            "DocumentType",
            "Type",
        ]);
        let number = document.deep(&[
            "IdentityDocID",
            "IdentityDocumentNumber",
            "DocumentNumber",
            "ID",
            "Number",
        ]);
        // A card as identification: its number is never kept.
        if number.is_empty() || kind.eq_ignore_ascii_case("CC") {
            continue;
        }
        let expires = document.deep(&["ExpiryDate", "DateOfExpiration"]);
        read.push(IdentityDocument {
            kind,
            number,
            issued_by: document.deep(&[
                "IssuingCountryCode",
                "CountryOfIssuance",
                "IssuingCountry",
            ]),
            nationality: document.deep(&[
                "CitizenshipCountryCode",
                "NationalityCountryCode",
                "Citizenship",
                "CountryCode",
            ]),
            expires: day_or_note(&expires, document, notes),
        });
    }
    read
}

fn is_empty(contact: &ContactInfo<'_>) -> bool {
    contact.emails.is_empty() && contact.phones.is_empty() && contact.address.is_empty()
}

pub(super) fn contact<'t>(node: &Node<'t>) -> ContactInfo<'t> {
    let mut found = Vec::new();
    node.all(
        &["EmailAddressText", "EmailAddressValue", "EmailContact", "EmailAddress"],
        &mut found,
    );
    let names = ["EmailAddressText", "EmailAddressValue", "Address"];
    let emails = found.drain(..).map(|email| first(email.own(), || email.deep(&names)));
    let emails = emails.filter(|email| email.contains('@')).collect();
    node.all(&["Phone", "PhoneContact"], &mut found);
    let phones = found.drain(..).filter_map(phone).collect();
    node.all(&["PostalAddress", "AddressContact"], &mut found);
    let names = [
        "StreetText",
        "Street",
        "BuildingRoomText",
        "CityName",
        "CountrySubDivisionName",
        "PostalCode",
        "CountryCode",
    ];
    let mut address = Vec::new();
    if let Some(postal) = found.first() {
        address.extend(names.iter().filter_map(|name| postal.find(name)).map(Node::own));
        address.retain(|line| !line.is_empty());
    }
    ContactInfo { id: key(node), emails, phones, address }
}

fn phone(node: &Node<'_>) -> Option<String> {
    let number = node.find("Number").or_else(|| node.find("PhoneNumber"));
    let local = number.map_or_else(|| node.own(), Node::own);
    let attribute = number.map(|number| number.attribute("CountryCode")).unwrap_or_default();
    let country = first(attribute, || node.deep(&["CountryDialingCode", "CountryCode"]));
    let area = number.map(|number| number.attribute("AreaCode")).unwrap_or_default();
    let area = first(area, || node.deep(&["AreaCodeNumber", "AreaCode"]));
    let country = country.trim_start_matches(['+', '0']);
    let plus = if country.is_empty() { "" } else { "+" };
    (!local.is_empty()).then(|| format!("{plus}{country}{area}{local}"))
}
