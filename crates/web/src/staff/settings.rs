//! Language, theme and row height: kept with the person, and in cookies for the sign-in page.

use access::{Density as OwnDensity, Preferences, Theme as OwnTheme};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::response::IntoResponse;
use kernel::Lang;
use serde::Deserialize;

use crate::error::PageResult;
use crate::flash::{See, own};
use crate::form::StrangerForm;
use crate::look::{Density, Theme};
use crate::{Web, cookies};

#[derive(Debug, Deserialize)]
pub(crate) struct Change {
    lang: Option<String>,
    theme: Option<String>,
    density: Option<String>,
    #[serde(default)]
    back: String,
}

/// `POST /settings`: works for strangers too; changes nothing but how pages look, so the origin
/// alone is checked.
pub(crate) async fn change(
    State(web): State<Web>,
    headers: HeaderMap,
    StrangerForm(form): StrangerForm<Change>,
) -> PageResult {
    let mut see = See::to(&web, &own(&form.back));
    let lang = form.lang.as_deref().and_then(Lang::parse);
    let theme = form.theme.as_deref().map(Theme::parse);
    let density = form.density.as_deref().map(Density::parse);
    if let Some(lang) = lang {
        see = see.cookie(cookies::keep(&web, cookies::LANG, lang.as_str()));
    }
    if let Some(theme) = theme {
        see = see.cookie(cookies::keep(&web, cookies::THEME, theme.as_str()));
    }
    if let Some(density) = density {
        see = see.cookie(cookies::keep(&web, cookies::DENSITY, density.as_str()));
    }
    let jar = headers.get(COOKIE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if let Some(token) = cookies::get(jar, cookies::SESSION)
        && let Some(session) = web.access.by_session(token).await?
    {
        let kept = with(session.preferences, lang, theme, density);
        web.access.set_preferences(&session.actor, &kept).await?;
    }
    Ok(see.into_response())
}

fn with(
    mut kept: Preferences,
    lang: Option<Lang>,
    theme: Option<Theme>,
    density: Option<Density>,
) -> Preferences {
    kept.lang = lang.or(kept.lang);
    kept.theme = theme.map_or(kept.theme, |theme| match theme {
        Theme::Auto => OwnTheme::System,
        Theme::Light => OwnTheme::Light,
        Theme::Dark => OwnTheme::Dark,
    });
    kept.density = density.map_or(kept.density, |density| match density {
        Density::Compact => OwnDensity::Compact,
        Density::Normal => OwnDensity::Normal,
        Density::Comfortable => OwnDensity::Comfortable,
    });
    kept
}
