//! The pages of the sign-in as HTML.

use super::refusal::Refusal;
use crate::administrators::Session;
use crate::time;

/// A page of the sign-in.
pub(crate) enum Screen<'a> {
    /// Name, password and code.
    SignIn {
        /// The page of the portal that it leads to.
        next: &'a str,
        /// The host of the identity provider, if there is one.
        provider: Option<&'a str>,
        /// Why the attempt before was refused.
        refusal: Option<Refusal>,
    },
    /// A code, after the identity provider.
    Code {
        /// The page of the portal that it leads to.
        next: &'a str,
        /// Why the attempt before was refused.
        refusal: Option<Refusal>,
    },
    /// A fresh code, in a session.
    Prove {
        /// The page of the portal that it leads to.
        next: &'a str,
        /// Why the attempt before was refused.
        refusal: Option<Refusal>,
    },
    /// Who is signed in.
    Session {
        /// The name of the administrator.
        name: &'a str,
        /// Its sessions.
        sessions: &'a [Session],
    },
    /// Another password, in a session.
    Password {
        /// Why the attempt before was refused.
        refusal: Option<Refusal>,
    },
    /// A page that leads to another one: the browser sends the cookie of a session with
    /// requests of this site only, and comes from the provider's.
    Continue {
        /// The page of the portal that it leads to.
        next: &'a str,
    },
    /// The browser has not kept the cookie.
    NotKept,
}

impl Screen<'_> {
    /// The page in HTML.
    pub(super) fn render(&self) -> String {
        match *self {
            Self::SignIn {
                next,
                provider,
                refusal,
            } => {
                let link = provider.map_or_else(String::new, |host| {
                    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
                    let host = escaped(host);
                    format!(
                        "<p><a href=\"/signin/provider?next={next}\">Sign in with {host}</a></p>"
                    )
                });
                let fields = format!(
                    "{}{}{}{}",
                    hidden(next),
                    field("name", "Name", "text", "username"),
                    field("password", "Password", "password", "current-password"),
                    field(
                        "code",
                        "Code of your authenticator, or a recovery code",
                        "text",
                        "one-time-code"
                    ),
                );
                let form = form("/signin", &fields, "Sign in");
                page("Sign in", refusal, &format!("{form}{link}"))
            }
            Self::Code { next, refusal } => {
                page("Your code", refusal, &code_form("/signin/code", next))
            }
            Self::Prove { next, refusal } => page(
                "Confirm that it is you",
                refusal,
                &code_form("/session/prove", next),
            ),
            Self::Session { name, sessions } => {
                let line = |session: &Session| {
                    let (began, seen) = (session.began_at_ms, session.seen_at_ms());
                    let [began, seen] = [began, seen].map(time::seconds);
                    format!("<li>{} since {began}, used {seen}</li>", session.from)
                };
                let list: String = sessions.iter().map(line).collect();
                let everywhere = form("/signout/everywhere", "", "Sign out everywhere");
                let out = form("/signout", "", "Sign out");
                let change = "<p><a href=\"/session/password\">Change your password</a></p>";
                page(
                    &escaped(name),
                    None,
                    &format!("{out}<ul>{list}</ul>{everywhere}{change}"),
                )
            }
            Self::Password { refusal } => {
                let fields = format!(
                    "{}{}",
                    field(
                        "password",
                        "Present password",
                        "password",
                        "current-password"
                    ),
                    field(
                        "new",
                        "New password, at least 12 characters",
                        "password",
                        "new-password"
                    ),
                );
                page(
                    "Change your password",
                    refusal,
                    &form("/session/password", &fields, "Change"),
                )
            }
            Self::Continue { next } => {
                let next = escaped(next);
                let link = format!("<p><a href=\"{next}\">Continue</a></p>");
                let refresh = format!("<meta http-equiv=\"refresh\" content=\"0; url={next}\">");
                document("You are signed in", &refresh, &link)
            }
            Self::NotKept => page(
                "You are not signed in",
                None,
                "<p>Your browser has not kept the cookie of the session. Over plain http, some \
                 browsers keep none, even on this machine: use https, or another browser.</p>\
                 <p><a href=\"/signin\">Sign in</a></p>",
            ),
        }
    }
}

fn page(title: &str, refusal: Option<Refusal>, body: &str) -> String {
    let alert = refusal.map_or_else(String::new, |refusal| {
        format!("<p role=\"alert\">{}</p>", message(refusal))
    });
    document(title, "", &format!("{alert}{body}"))
}

fn document(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">{head}\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>"
    )
}

fn code_form(action: &str, next: &str) -> String {
    let code = field(
        "code",
        "Code of your authenticator, or a recovery code",
        "text",
        "one-time-code",
    );
    form(action, &format!("{}{code}", hidden(next)), "Continue")
}

fn form(action: &str, fields: &str, button: &str) -> String {
    format!("<form method=\"post\" action=\"{action}\">{fields}<button>{button}</button></form>")
}

fn hidden(next: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"next\" value=\"{}\">",
        escaped(next)
    )
}

fn field(name: &str, label: &str, kind: &str, autocomplete: &str) -> String {
    format!(
        "<p><label>{label}<br><input name=\"{name}\" type=\"{kind}\" required \
         autocomplete=\"{autocomplete}\"></label></p>"
    )
}

fn message(refusal: Refusal) -> String {
    match refusal {
        Refusal::Wrong => "Name, password or code is wrong.".to_owned(),
        Refusal::Wait(seconds) => {
            format!("Too many attempts. The next one is possible in {seconds} seconds.")
        }
        Refusal::Busy(_) => "Too many sign in at this moment. Try again.".to_owned(),
        Refusal::Provider => "The sign-in with your identity provider did not succeed, or took \
             too long. Your administrator finds the reason in the log."
            .to_owned(),
        Refusal::WeakPassword => "A password has at least 12 characters and at most 256 bytes, \
             and is not the name."
            .to_owned(),
        Refusal::Unavailable => "The server cannot use its store. Try again later.".to_owned(),
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}
