//! The `OpenAPI` document, made of the table.

use std::sync::LazyLock;

use axum::body::Body;
use http::{HeaderValue, Response, header};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use super::bearer::CODE;
use super::respond;
use super::route::{Answer, From, Input, MOST, Route};
use super::table::{PREFIX, ROUTES};

static DOCUMENT: LazyLock<Vec<u8>> =
    LazyLock::new(|| serde_json::to_vec(&document()).unwrap_or_default());

/// Serves the document. It contains nothing of the server, so no token is needed.
pub(super) async fn serve() -> Response<Body> {
    let mut response = Response::new(Body::from(DOCUMENT.as_slice()));
    let media = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    respond::finish(response)
}

/// The document.
pub(super) fn document() -> Json {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for route in ROUTES.iter() {
        let path = paths.entry(route.path.clone()).or_insert_with(|| json!({}));
        let method = route.method.as_str().to_ascii_lowercase();
        path[method] = operation(route, &mut generator);
    }
    let mut schemas = generator.take_definitions(true);
    schemas.insert("ProblemDetails".to_owned(), problem());
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "mPass administration",
            "version": "1",
            "description": "Administration of a running server. Bearer tokens only; \
                a stamp is the ETag.",
            "license": { "name": "MIT" },
        },
        "servers": [{ "url": PREFIX }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "responses": { "Problem": problem_response() },
        },
    });
    tidy(&mut document);
    document
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Json {
    let mut responses = Map::new();
    let status = route.answer.status().as_u16().to_string();
    responses.insert(status, success(route, generator));
    let mut statuses = vec![
        "400", "401", "403", "404", "405", "409", "422", "429", "500", "503",
    ];
    if route.has_body() {
        statuses.extend(["413", "415"]);
    }
    if route.compares() {
        statuses.push("412");
    }
    for status in statuses {
        let reference = json!({ "$ref": "#/components/responses/Problem" });
        responses.insert(status.to_owned(), reference);
    }
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.summary,
        "tags": [route.path.split('/').nth(1).unwrap_or_default()],
        "responses": responses,
    });
    let mut parameters: Vec<Json> = route
        .inputs
        .iter()
        .filter_map(|input| parameter(input, generator))
        .collect();
    if route.may_need_code {
        parameters.push(json!({
            "name": "Mpass-Totp",
            "in": "header",
            "description": "A present code of the authenticator of the token's maker, for a \
                change of where messages go.",
            "schema": { "type": "string", "pattern": "^[0-9]{6}$" },
        }));
    }
    debug_assert!(CODE.eq_ignore_ascii_case("Mpass-Totp"));
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if route.has_body() {
        operation["requestBody"] = json!({
            "required": route.requires_body(),
            "content": { "application/json": { "schema": body(route, generator) } },
        });
    }
    operation
}

fn success(route: &Route, generator: &mut SchemaGenerator) -> Json {
    let mut response = json!({ "description": "Done." });
    match &route.answer {
        Answer::Nothing => {}
        Answer::Lines => {
            let schema = json!({ "type": "string" });
            response["content"] = json!({ "text/plain": { "schema": schema } });
        }
        Answer::Value(returned) | Answer::Created(returned, _) => {
            let schema = (returned.schema)(generator).to_value();
            let schema = match returned.member {
                Some(member) => json!({
                    "type": "object",
                    "properties": { member: schema },
                    "required": [member],
                }),
                None => schema,
            };
            response["content"] = json!({ "application/json": { "schema": schema } });
        }
    }
    response
}

fn parameter(input: &Input, generator: &mut SchemaGenerator) -> Option<Json> {
    let (name, place) = match input.from {
        From::Path(name) => (name, "path"),
        From::Query(name) => (name, "query"),
        From::IfMatch => ("If-Match", "header"),
        From::Body | From::Member(_) => return None,
    };
    let mut schema = (input.schema)(generator).to_value();
    if place == "path" && !input.is_number() {
        schema["minLength"] = 1.into();
    }
    Some(json!({
        "name": name,
        "in": place,
        "required": input.is_required,
        "schema": schema,
    }))
}

fn body(route: &Route, generator: &mut SchemaGenerator) -> Json {
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    for input in route.inputs.iter().filter(|input| input.is_of_body()) {
        let schema = (input.schema)(generator).to_value();
        let From::Member(name) = input.from else {
            return schema;
        };
        properties.insert(name.to_owned(), schema);
        if input.is_required {
            required.push(name);
        }
    }
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

fn problem() -> Json {
    json!({
        "type": "object",
        "description": "Why a request was not performed (RFC 9457).",
        "properties": {
            "type": { "type": "string", "description": "The stable name of the problem." },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "number": { "type": "integer", "description": "The number of the engine's error." },
        },
        "required": ["type", "title", "status"],
    })
}

fn problem_response() -> Json {
    let schema = json!({ "$ref": "#/components/schemas/ProblemDetails" });
    json!({
        "description": "Not performed.",
        "content": { "application/problem+json": { "schema": schema } },
    })
}

/// Bounds numbers as JSON is read everywhere (RFC 8259 section 6), and takes the links
/// of Rust's documentation out of descriptions.
fn tidy(json: &mut Json) {
    match json {
        Json::Object(members) => {
            let format = members.get("format").and_then(Json::as_str);
            let most: Option<u64> = match format {
                Some("uint64" | "uint") => Some(MOST),
                Some("uint32") => Some(u32::MAX.into()),
                Some("uint16") => Some(u16::MAX.into()),
                Some("uint8") => Some(u8::MAX.into()),
                _ => None,
            };
            if let Some(most) = most {
                members.remove("format");
                members.entry("maximum").or_insert_with(|| most.into());
            }
            if let Some(Json::String(text)) = members.get_mut("description") {
                *text = text
                    .replace("[`", "`")
                    .replace("`]", "`")
                    .replace("Self::", "");
            }
            members.values_mut().for_each(tidy);
        }
        Json::Array(values) => values.iter_mut().for_each(tidy),
        _ => {}
    }
}
