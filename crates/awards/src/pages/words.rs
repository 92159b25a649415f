//! Words that several pages share.

use kernel::{Explain, Money};
use programme::Programme;
use web::form::Errors;
use web::{Ctx, Look, PageError, Toast};

use crate::model::{Redemption, State};
use crate::price::Offer;
use crate::{Error, say};

/// What is wrong, and what can be done about it.
#[must_use]
pub fn error(look: &Look, error: &impl Explain) -> String {
    let (key, args) = (format!("error-{}", error.code()), error.args());
    let hint = format!("{key}-hint");
    let text = look.tv(&key, &args);
    if !look.has(&hint) {
        return text;
    }
    format!("{text}{}{}", look.t("sentence-gap"), look.tv(&hint, &args))
}

/// Whether somebody at a screen can do something about it.
#[must_use]
pub fn is_mistake(error: &Error) -> bool {
    matches!(
        error,
        Error::Invalid(_)
            | Error::Refused(_)
            | Error::NoPrice(_)
            | Error::Loyalty(loyalty::Error::Refused(_) | loyalty::Error::Ledger(_))
    )
}

/// The mistakes of a form; anything else goes on.
///
/// # Errors
/// What is no mistake of the form.
pub fn mistakes(look: &Look, error: Error) -> Result<Errors, PageError> {
    let mut errors = Errors::none();
    match error {
        Error::Invalid(fields) => {
            for field in fields {
                errors.add(field.field, look.t(&format!("error-{}", field.code)));
            }
        }
        other if is_mistake(&other) => errors.add("", self::error(look, &other)),
        other => return Err(other.into()),
    }
    Ok(errors)
}

/// What went wrong, for the corner; anything that is no mistake goes on.
pub(super) fn bad(ctx: &Ctx, error: Error) -> Result<Toast, PageError> {
    match &error {
        Error::Invalid(fields) => {
            let code = fields.first().map_or("awards-invalid", |field| field.code);
            Ok(Toast::bad(ctx.t(&format!("error-{code}"))))
        }
        known if is_mistake(known) => Ok(Toast::bad(self::error(ctx, known))),
        _ => Err(error.into()),
    }
}

/// Money in the programme's currency.
#[must_use]
pub fn money(look: &Look, rules: &Programme, minor: i64) -> String {
    look.money(&Money::new(minor, rules.currency))
}

/// `6,000 km`, with money beside: `6,000 km + CNY 50.00`.
#[must_use]
pub fn price(look: &Look, rules: &Programme, miles: i64, minor: i64) -> String {
    let said = say::miles(rules, miles, look.lang);
    match (miles, minor) {
        (_, 0) => said,
        (0, _) => money(look, rules, minor),
        _ => format!("{said} + {}", money(look, rules, minor)),
    }
}

/// Where a price comes from, by the rules' own rows.
pub(super) fn source(ctx: &Ctx, rules: &Programme, version: i64, offer: &Offer) -> String {
    let mut said = ctx.t3(
        "awards-price-from",
        "row",
        offer.row.as_str(),
        "name",
        rules.name.get(ctx.lang),
        "version",
        version,
    );
    if let Some(mix) = &offer.mix {
        said += &ctx.t1("awards-price-mix", "row", mix.as_str());
    }
    said
}

/// Tone and icon of a state.
#[must_use]
pub fn tone(state: State) -> (&'static str, &'static str) {
    match state {
        State::Review => ("warn", "shield-alert"),
        State::Held => ("info", "hourglass"),
        State::Settled => ("good", "check"),
        State::Cancelled | State::Lapsed => ("", "circle-x"),
        State::Redeposited => ("", "undo-2"),
    }
}

/// A state in the reader's words.
#[must_use]
pub fn state(look: &Look, state: State) -> String {
    look.t(&format!("awards-state-{}", state.as_str()))
}

/// A redemption as a line.
pub(super) struct LineView {
    pub href: String,
    pub what: String,
    pub price: String,
    pub made: String,
    pub state: String,
    pub tone: (&'static str, &'static str),
}

impl LineView {
    pub fn new(ctx: &Ctx, rules: Option<&Programme>, of: &Redemption) -> Self {
        let plain = || ctx.num(of.miles);
        Self {
            href: format!("/redemptions/{}", of.id),
            what: say::wish(rules, &of.wish, ctx.lang),
            price: rules.map_or_else(plain, |rules| price(ctx, rules, of.miles, of.minor)),
            made: ctx.at(of.made_at),
            state: state(ctx, of.state),
            tone: tone(of.state),
        }
    }
}
