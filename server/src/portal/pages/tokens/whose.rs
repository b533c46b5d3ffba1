//! Whose tokens a page shows.

use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;

use crate::admin::TokensOf;
use crate::portal::Portal;
use crate::portal::pages::layout::Section;
use crate::portal::pages::parts;

/// The path of the tokens of every administrator.
pub(super) const ALL: &str = "/all-tokens";

/// Whose tokens a page shows, by its path.
pub(super) struct Whose(TokensOf);

impl FromRequestParts<Portal> for Whose {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let path = parts.uri.path();
        if path.starts_with(ALL) {
            return Ok(Self(TokensOf::All));
        }
        if !path.starts_with(Section::Administrators.path()) {
            return Ok(Self(TokensOf::Own));
        }
        let names = Path::<Vec<(String, String)>>::from_request_parts(parts, portal).await;
        let Path(names) = names.map_err(IntoResponse::into_response)?;
        let name = names.into_iter().find(|(of, _)| of == "name");
        let (_, name) = name.ok_or_else(|| StatusCode::NOT_FOUND.into_response())?;
        Ok(Self(TokensOf::Administrator(name)))
    }
}

impl Whose {
    /// Whose, for an operation.
    pub(super) fn of(&self) -> TokensOf {
        self.0.clone()
    }

    /// Whether they are those of whoever is signed in.
    pub(super) fn is_own(&self) -> bool {
        self.0 == TokensOf::Own
    }

    /// The administrator, if they are those of one that the path names.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.0 {
            TokensOf::Administrator(name) => Some(name),
            _ => None,
        }
    }

    /// The path of their list.
    pub(super) fn path(&self) -> String {
        match &self.0 {
            TokensOf::Own => Section::Tokens.path().to_owned(),
            TokensOf::All => ALL.to_owned(),
            TokensOf::Administrator(name) => {
                let administrators = Section::Administrators.path();
                format!("{administrators}/{}/tokens", parts::segment(name))
            }
        }
    }

    /// The part of the portal in which they are.
    pub(super) fn section(&self) -> Section {
        match self.is_own() {
            true => Section::Tokens,
            false => Section::Administrators,
        }
    }

    /// The name of their page's title.
    pub(super) fn title(&self) -> &'static str {
        match &self.0 {
            TokensOf::Own => "tokens.title",
            TokensOf::All => "tokens.all.title",
            TokensOf::Administrator(_) => "nav.tokens",
        }
    }
}
