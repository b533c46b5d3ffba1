//! Headers and rules as lines of text, one each.

use serde_json::{Map, Value as Json, json};

/// Headers, one a line.
pub(super) fn headers(text: &str) -> Option<Json> {
    let mut headers = Map::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (name, value) = line.split_once(':')?;
        let value = Json::from(value.trim());
        headers.insert(name.trim().to_owned(), value);
    }
    Some(headers.into())
}

/// A rule in one line: statuses, then `json POINTER = VALUE`, then `body TEXT`.
pub(super) fn written(rule: &Json) -> String {
    let statuses = rule["status"].as_array();
    let statuses = statuses.map(|all| all.iter().map(one_status).collect::<Vec<_>>());
    let mut line = statuses.unwrap_or_default().join(",");
    if let Some(pointer) = rule["json_pointer"].as_str() {
        line = format!("{line} json {pointer}");
        if !rule["json_equals"].is_null() {
            line = format!("{line} = {}", rule["json_equals"]);
        }
    }
    if let Some(text) = rule["body_contains"].as_str() {
        line = format!("{line} body {text}");
    }
    line
}

/// `200-200` is 200.
fn one_status(status: &Json) -> String {
    let text = plain(status);
    match text.split_once('-') {
        Some((first, last)) if first == last => first.to_owned(),
        _ => text,
    }
}

/// Reads a rule of one line.
pub(super) fn rule(line: &str) -> Option<Json> {
    let (line, body) = match line.split_once(" body ") {
        Some((line, body)) => (line, Some(body.trim())),
        None => (line, None),
    };
    let (statuses, json) = match line.split_once(" json ") {
        Some((statuses, json)) => (statuses, Some(json.trim())),
        None => (line, None),
    };
    let statuses = statuses.split(',').map(str::trim);
    let is_status = |text: &str| {
        let mut parts = text.split('-');
        parts.all(|part| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let statuses: Vec<&str> = statuses.collect();
    if !statuses.iter().all(|text| is_status(text)) {
        return None;
    }
    let mut rule = json!({ "status": statuses });
    if let Some(body) = body {
        rule["body_contains"] = body.into();
    }
    if let Some(json) = json {
        let (pointer, value) = match json.split_once(" = ") {
            Some((pointer, value)) => (pointer, Some(value.trim())),
            None => (json, None),
        };
        rule["json_pointer"] = pointer.trim().into();
        if let Some(value) = value {
            // A word without quotes is a text.
            rule["json_equals"] = serde_json::from_str(value).unwrap_or_else(|_| value.into());
        }
    }
    Some(rule)
}

/// A value without the quotes of a text.
pub(super) fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_in_lines() {
        for (line, value) in [
            ("200-299", json!({ "status": ["200-299"] })),
            (
                "200,202 body OK",
                json!({ "status": ["200", "202"], "body_contains": "OK" }),
            ),
            (
                "200 json /status = \"0\"",
                json!({ "status": ["200"], "json_pointer": "/status", "json_equals": "0" }),
            ),
            (
                "200 json /id body sent",
                json!({ "status": ["200"], "json_pointer": "/id", "body_contains": "sent" }),
            ),
        ] {
            assert_eq!(rule(line), Some(value.clone()), "{line}");
            assert_eq!(written(&value), line);
        }
        assert_eq!(rule("200 json /a = x").unwrap()["json_equals"], "x");
        for line in ["", "2xx", "200-", "20", "OK body OK"] {
            assert_eq!(rule(line), None, "{line}");
        }
    }

    #[test]
    fn headers_in_lines() {
        let read = headers("X-A: 1\n\nB:  c: d \n").unwrap();
        assert_eq!(read, json!({ "X-A": "1", "B": "c: d" }));
        assert_eq!(headers("no colon"), None);
    }
}
