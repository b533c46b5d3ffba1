//! What every page has around it.

use maud::{DOCTYPE, Markup, html};

use super::assets;
use super::language::Language;
use super::reader::{Reader, Theme};
use super::visit::Visit;
use crate::administrators::Permission;

/// A part of the portal, in the order of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    Channels,
    Customers,
    Clients,
    Numbers,
    Gateways,
    Stops,
    Audit,
    Keys,
    Administrators,
    Tokens,
    Settings,
}

impl Section {
    pub(super) const ALL: &[Self] = &[
        Self::Overview,
        Self::Channels,
        Self::Customers,
        Self::Clients,
        Self::Gateways,
        Self::Numbers,
        Self::Stops,
        Self::Audit,
        Self::Keys,
        Self::Administrators,
        Self::Tokens,
        Self::Settings,
    ];

    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::Channels => "/channels",
            Self::Customers => "/customers",
            Self::Clients => "/clients",
            Self::Numbers => "/numbers",
            Self::Gateways => "/gateways",
            Self::Stops => "/stops",
            Self::Audit => "/audit",
            Self::Keys => "/keys",
            Self::Administrators => "/administrators",
            Self::Tokens => "/tokens",
            Self::Settings => "/settings",
        }
    }

    /// The name of its text.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Overview => "nav.overview",
            Self::Channels => "nav.channels",
            Self::Customers => "nav.customers",
            Self::Clients => "nav.clients",
            Self::Numbers => "nav.numbers",
            Self::Gateways => "nav.gateways",
            Self::Stops => "nav.stops",
            Self::Audit => "nav.audit",
            Self::Keys => "nav.keys",
            Self::Administrators => "nav.administrators",
            Self::Tokens => "nav.tokens",
            Self::Settings => "nav.settings",
        }
    }

    /// What reading it needs.
    const fn permission(self) -> Permission {
        match self {
            Self::Numbers => Permission::Numbers,
            Self::Audit => Permission::Audit,
            Self::Administrators => Permission::Administrators,
            _ => Permission::Read,
        }
    }
}

/// A page of somebody who is signed in.
pub(super) fn page(visit: &Visit, section: Option<Section>, title: &str, body: &Markup) -> Markup {
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let here = section.map_or("/", Section::path);
    let nav = html! {
        nav aria-label=(t("nav.label")) {
            ul {
                @for one in Section::ALL.iter().filter(|one| visit.may(one.permission())) {
                    li {
                        a href=(one.path()) aria-current=[(section == Some(*one)).then_some("page")] {
                            (t(one.text()))
                        }
                    }
                }
            }
        }
    };
    let role = t(role(visit.signed_in.account.role));
    let inside = html! {
        div.shell {
            header.bar {
                a.brand href="/" { (mark()) span { "mPass" } }
                details.menu {
                    summary { (t("nav.menu")) }
                    (nav)
                }
                div.who {
                    span { bdi { (visit.name()) } span.dim { " · " (role) } }
                    form method="post" action="/signout" {
                        button.quiet { (t("signout")) }
                    }
                }
            }
            div.side { (nav) }
            main id="main" tabindex="-1" {
                h1 { (title) }
                (body)
            }
            footer { (choices(reader, here)) }
        }
    };
    document(reader, title, &html! {}, &inside)
}

/// A page outside the portal, which has its look and its choice of language and colours.
pub(crate) struct Outside<'a> {
    /// The title.
    pub(crate) title: &'a str,
    /// Elements of the head: style sheets and scripts.
    pub(crate) files: &'a Markup,
    /// Links to other pages.
    pub(crate) links: &'a Markup,
    /// The path of the page, if language and colours are chosen on it.
    pub(crate) here: Option<&'a str>,
}

impl Outside<'_> {
    /// The page.
    pub(crate) fn page(&self, reader: Reader, body: &Markup) -> Markup {
        let inside = html! {
            div.outside {
                header.bar {
                    span.brand { (mark()) span { "mPass" } }
                    nav.links aria-label=(reader.t("nav.label.outside")) { (self.links) }
                }
                main id="main" tabindex="-1" {
                    h1 { (self.title) }
                    (body)
                }
                @if let Some(here) = self.here { footer { (choices(reader, here)) } }
            }
        };
        document(reader, self.title, self.files, &inside)
    }
}

/// The name of a role's text.
pub(super) const fn role(role: crate::administrators::Role) -> &'static str {
    use crate::administrators::Role;
    match role {
        Role::Viewer => "role.viewer",
        Role::Operator => "role.operator",
        Role::Administrator => "role.administrator",
    }
}

/// A page in front of the sign-in.
pub(crate) fn narrow(
    reader: Reader,
    title: &str,
    refresh: Option<&str>,
    here: &str,
    body: &Markup,
) -> Markup {
    let inside = html! {
        div.narrow {
            header { span.brand { (mark()) span { "mPass" } } }
            main id="main" tabindex="-1" {
                h1 { (title) }
                (body)
            }
            footer { (choices(reader, here)) }
        }
    };
    let refresh = html! {
        @if let Some(next) = refresh {
            meta http-equiv="refresh" content=(format!("0; url={next}"));
        }
    };
    document(reader, title, &refresh, &inside)
}

fn document(reader: Reader, title: &str, head: &Markup, inside: &Markup) -> Markup {
    let (language, theme) = (reader.language, reader.theme.name());
    html! {
        (DOCTYPE)
        html lang=(language.tag()) dir=(language.direction()) data-theme=(theme) data-locale=(reader.tag())
            data-copied=(reader.t("copied")) data-working=(reader.t("working")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · mPass" }
                link rel="stylesheet" href=(assets::STYLE.path());
                (head)
                link rel="icon" href=(assets::ICON.path()) type="image/svg+xml";
                script src=(assets::SCRIPT.path()) type="module" {}
            }
            body {
                a.skip href="#main" { (reader.t("skip")) }
                (inside)
                div.announce id="announce" role="status" aria-live="polite" {}
            }
        }
    }
}

/// The choice of language and colours, which needs no sign-in.
fn choices(reader: Reader, here: &str) -> Markup {
    let t = |name| reader.t(name);
    let other = match reader.language {
        Language::English => Language::Arabic,
        Language::Arabic => Language::English,
    };
    let digits = if other == Language::Arabic {
        "own"
    } else {
        "latin"
    };
    let now = if reader.has_own_digits {
        "own"
    } else {
        "latin"
    };
    html! {
        form.choices method="post" action="/view" {
            input type="hidden" name="next" value=(here);
            input type="hidden" name="theme" value=(reader.theme.name());
            input type="hidden" name="digits" value=(digits);
            button.quiet name="language" value=(other.tag()) lang=(other.tag()) {
                (other.own_name())
            }
        }
        form.choices method="post" action="/view" aria-label=(t("view.theme")) {
            input type="hidden" name="next" value=(here);
            input type="hidden" name="language" value=(reader.language.tag());
            input type="hidden" name="digits" value=(now);
            @for theme in Theme::ALL {
                button.quiet name="theme" value=(theme.name()) aria-pressed=(*theme == reader.theme) {
                    (t(theme_text(*theme)))
                }
            }
        }
    }
}

/// The name of a theme's text.
pub(super) const fn theme_text(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "theme.system",
        Theme::Light => "theme.light",
        Theme::Dark => "theme.dark",
    }
}

/// The mark beside the name.
fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" {
            rect x="5" y="1" width="14" height="22" rx="3.5" {}
            path d="M8.5 12.2l2.5 2.5 4.6-5.2" {}
        }
    }
}
