//! A browser without a script, on the portal of a scene.

use std::collections::BTreeMap;

use mpass_server::administrators::{Enrolment, Role};
use regex::Regex;
use reqwest::{Method, RequestBuilder};

use crate::scene::{Answered, Scene, answered, code};

/// Somebody who is signed in.
pub(crate) struct Browser<'a> {
    scene: &'a Scene,
    pub(crate) cookie: String,
}

/// A form of a page: where it leads to, and what its fields contain.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: BTreeMap<String, String>,
    /// The fields that take a text.
    pub(crate) texts: Vec<String>,
}

impl<'a> Browser<'a> {
    pub(crate) async fn signed_in(scene: &'a Scene, name: &str, role: Role) -> Self {
        let enrolment = scene.administrator(name, role).await;
        Self::sign_in(scene, &enrolment).await
    }

    pub(crate) async fn sign_in(scene: &'a Scene, enrolment: &Enrolment) -> Self {
        let mut browser = Self {
            scene,
            cookie: String::new(),
        };
        let fields = BTreeMap::from([
            ("name".to_owned(), enrolment.account.name.clone()),
            (
                "password".to_owned(),
                enrolment.password.as_ref().unwrap().to_string(),
            ),
            ("code".to_owned(), code(enrolment)),
        ]);
        let answer = browser.post("/signin", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let set = answer.header("set-cookie").split(';').next().unwrap();
        set.clone_into(&mut browser.cookie);
        browser
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.scene.portal);
        let request = self.scene.client().request(method, url);
        request.header("cookie", &self.cookie)
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        answered(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &BTreeMap<String, String>) -> Answered {
        let request = self
            .request(Method::POST, path)
            .header("origin", format!("http://{}", self.scene.portal))
            .header("sec-fetch-site", "same-origin");
        answered(with(request, fields)).await
    }
}

/// A request with the fields of a form.
pub(crate) fn with(request: RequestBuilder, fields: &BTreeMap<String, String>) -> RequestBuilder {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
}

/// An attribute of a tag, unescaped.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag
        .split(&format!(" {name}=\""))
        .nth(1)?
        .split('"')
        .next()?;
    let value = value.replace("&quot;", "\"").replace("&lt;", "<");
    Some(value.replace("&gt;", ">").replace("&amp;", "&"))
}

/// The pages of the portal that a page links to.
pub(crate) fn links(body: &str) -> Vec<String> {
    let tags = Regex::new("<a [^>]*>").unwrap();
    let all = tags
        .find_iter(body)
        .filter_map(|tag| attribute(tag.as_str(), "href"));
    all.filter(|href| href.starts_with('/')).collect()
}

/// The forms of a page that are posted. A button with a value is a form of its own.
pub(crate) fn forms(body: &str) -> Vec<Form> {
    let (whole, tags) = (
        Regex::new("(?s)<form ([^>]*)>(.*?)</form>").unwrap(),
        Regex::new(
            "(?s)<(input|select|textarea|option|button)( [^>]*)?>(?:\n?([^<]*)</textarea>)?",
        )
        .unwrap(),
    );
    let mut found = Vec::new();
    for form in whole.captures_iter(body) {
        let (head, inside) = (format!(" {}", &form[1]), &form[2]);
        if !head.contains("method=\"post\"") {
            continue;
        }
        let mut one = Form {
            action: attribute(&head, "action").unwrap(),
            fields: BTreeMap::new(),
            texts: Vec::new(),
        };
        let (mut select, mut buttons) = (String::new(), Vec::new());
        for tag in tags.captures_iter(inside) {
            let attributes = tag.get(2).map_or("", |it| it.as_str());
            let name = attribute(attributes, "name").unwrap_or_default();
            let value = attribute(attributes, "value").unwrap_or_default();
            match &tag[1] {
                "select" => select = name,
                "option"
                    if attributes.contains(" selected") || !one.fields.contains_key(&select) =>
                {
                    one.fields.insert(select.clone(), value);
                }
                "option" => {}
                "button" if !name.is_empty() => buttons.push((name, value)),
                "button" => {}
                _ if attributes.contains("type=\"hidden\"") => {
                    one.fields.insert(name, value);
                }
                _ if attributes.contains("type=\"checkbox\"") => {
                    if attributes.contains(" checked") {
                        one.fields.insert(name, value);
                    }
                }
                _ if attributes.contains("type=\"radio\"") => {
                    if attributes.contains(" checked") {
                        one.fields.insert(name, value);
                    }
                }
                kind => {
                    let text = tag.get(3).map_or(value, |it| it.as_str().to_owned());
                    assert!(kind == "input" || kind == "textarea");
                    one.texts.push(name.clone());
                    one.fields.insert(name, text);
                }
            }
        }
        found.push(one.clone());
        for (name, value) in buttons {
            let mut other = one.clone();
            other.fields.insert(name, value);
            found.push(other);
        }
    }
    found
}
