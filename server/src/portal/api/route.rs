//! What one route is: how a request becomes an operation, and an operation a request.

use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value as Json};

use super::problem::Problem;

/// The greatest whole number that every reader of JSON reads exactly (RFC 8259 section
/// 6).
pub(super) const MOST: u64 = (1 << 53) - 1;

/// Makes the schema of a value.
pub(super) type MakeSchema = fn(&mut SchemaGenerator) -> Schema;

/// The schema of a type.
pub(super) fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// A method and a path, the operation that they stand for, and its answer.
///
/// The operation is a template: its JSON as it goes over the admin socket, without the
/// members that come from the request. [`Input::place`] says where each of these
/// belongs (a JSON pointer, RFC 6901). So the same row makes operations of requests,
/// which the server needs, and requests of operations, which the command line needs.
#[derive(Debug)]
pub(crate) struct Route {
    pub(super) method: Method,
    /// The path below the prefix, with parameters in braces.
    pub(super) path: String,
    /// The `operationId`.
    pub(super) id: String,
    pub(super) summary: String,
    pub(super) template: Json,
    pub(super) inputs: Vec<Input>,
    pub(super) answer: Answer,
    /// Whether it may ask for a second factor.
    pub(super) may_need_code: bool,
}

/// A part of a request, and its place in the operation.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) from: From,
    pub(super) place: String,
    pub(super) schema: MakeSchema,
    pub(super) is_required: bool,
}

/// Where a part of a request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// A parameter of the path.
    Path(&'static str),
    /// A parameter of the query.
    Query(&'static str),
    /// The header `If-Match`.
    IfMatch,
    /// The whole body, an object.
    Body,
    /// A member of the body.
    Member(&'static str),
}

impl From {
    /// The problem of a request without this part.
    fn missing(&self) -> Problem {
        match self {
            Self::Member(_) | Self::Body => Problem::MISSING_MEMBER,
            _ => Problem::QUERY,
        }
    }
}

/// What a successful request returns.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// 204.
    Nothing,
    /// 200 with a value.
    Value(Returned),
    /// 201 with a value. With a member of it, its place is the path of the request and
    /// that member.
    Created(Returned, Option<&'static str>),
    /// 200 with the lines of every page, one JSON object in each.
    Lines,
}

/// A value that is returned.
#[derive(Clone, Debug)]
pub(super) struct Returned {
    /// The name of the outcome.
    pub(super) outcome: &'static str,
    /// The only member of the body, for an outcome that is no object.
    pub(super) member: Option<&'static str>,
    pub(super) schema: MakeSchema,
}

/// The parts of a request.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) path: Vec<(String, String)>,
    pub(super) query: Vec<(String, String)>,
    pub(super) if_match: Option<String>,
    pub(super) body: Option<Map<String, Json>>,
}

impl Route {
    /// Whether requests may have a body.
    pub(super) fn has_body(&self) -> bool {
        self.inputs.iter().any(Input::is_of_body)
    }

    /// Whether requests must have a body.
    pub(super) fn requires_body(&self) -> bool {
        let mut of_body = self.inputs.iter().filter(|input| input.is_of_body());
        of_body.any(|input| input.is_required)
    }

    /// Whether it compares stamps.
    pub(super) fn compares(&self) -> bool {
        self.inputs.iter().any(|input| input.from == From::IfMatch)
    }

    /// The JSON of the operation that a request asks for.
    pub(super) fn operation(&self, mut parts: Parts) -> Result<Json, Problem> {
        self.check_query(&parts.query)?;
        let mut json = self.template.clone();
        for input in &self.inputs {
            match input.take(&mut parts)? {
                Some(value) => put(&mut json, &input.place, value),
                None if input.is_required => return Err(input.from.missing()),
                None => {}
            }
        }
        match parts.body {
            Some(rest) if !rest.is_empty() => Err(Problem::UNKNOWN_MEMBER),
            _ => Ok(json),
        }
    }

    fn check_query(&self, query: &[(String, String)]) -> Result<(), Problem> {
        for (position, (name, _)) in query.iter().enumerate() {
            let is_known = self
                .inputs
                .iter()
                .any(|input| matches!(input.from, From::Query(known) if known == name));
            let is_repeated = query
                .iter()
                .skip(position + 1)
                .any(|(other, _)| other == name);
            if !is_known || is_repeated {
                return Err(Problem::QUERY);
            }
        }
        Ok(())
    }

    /// The parts of the request that asks for an operation; `None` if it is another
    /// one's.
    pub(super) fn request(&self, operation: &Json) -> Option<Parts> {
        let mut rest = operation.clone();
        let mut parts = Parts::default();
        if self.requires_body() {
            parts.body = Some(Map::new());
        }
        for input in &self.inputs {
            match take(&mut rest, &input.place).filter(|value| !value.is_null()) {
                Some(value) => input.give(&mut parts, value)?,
                None if input.is_required => return None,
                None => {}
            }
        }
        (rest == self.template).then_some(parts)
    }
}

impl Input {
    pub(super) fn is_of_body(&self) -> bool {
        matches!(self.from, From::Body | From::Member(_))
    }

    fn take(&self, parts: &mut Parts) -> Result<Option<Json>, Problem> {
        let text = match self.from {
            From::Path(name) => find(&parts.path, name),
            From::Query(name) => find(&parts.query, name),
            From::IfMatch => return Ok(parts.if_match.take().map(Json::String)),
            From::Body => {
                let body = parts.body.take();
                return match body.as_ref().is_none_or(|body| self.has_all(body)) {
                    true => Ok(body.map(Json::Object)),
                    false => Err(Problem::UNKNOWN_MEMBER),
                };
            }
            From::Member(name) => {
                let body = parts.body.as_mut();
                return match body.and_then(|body| body.remove(name)) {
                    Some(Json::Null) => Err(Problem::BODY),
                    value => Ok(value),
                };
            }
        };
        match text {
            Some(text) if self.is_number() => {
                let number = text.parse::<u64>().ok();
                let number = number.filter(|number| *number <= MOST && number.to_string() == text);
                number.map(|it| Some(it.into())).ok_or(Problem::QUERY)
            }
            text => Ok(text.map(Json::String)),
        }
    }

    fn give(&self, parts: &mut Parts, value: Json) -> Option<()> {
        let text = |value: Json| match value {
            Json::String(text) => Some(text),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        };
        match self.from {
            From::Path(name) => parts.path.push((name.to_owned(), text(value)?)),
            From::Query(name) => parts.query.push((name.to_owned(), text(value)?)),
            From::IfMatch => parts.if_match = Some(text(value)?),
            From::Body => match value {
                Json::Object(members) => parts.body = Some(members),
                _ => return None,
            },
            From::Member(name) => {
                let body = parts.body.get_or_insert_default();
                body.insert(name.to_owned(), value);
            }
        }
        Some(())
    }

    /// Whether the schema of the body has all of its members.
    fn has_all(&self, body: &Map<String, Json>) -> bool {
        let schema = (self.schema)(&mut SchemaGenerator::default());
        let known = schema.get("properties").and_then(Json::as_object);
        known.is_some_and(|known| body.keys().all(|name| known.contains_key(name)))
    }

    /// Whether a parameter is a whole number.
    pub(super) fn is_number(&self) -> bool {
        let schema = (self.schema)(&mut SchemaGenerator::default());
        schema.get("type").is_some_and(|kind| kind == "integer")
    }
}

fn find(pairs: &[(String, String)], name: &str) -> Option<String> {
    let found = pairs.iter().find(|(other, _)| other == name);
    found.map(|(_, value)| value.clone())
}

/// Puts a value at a place, whose parent exists.
fn put(json: &mut Json, place: &str, value: Json) {
    let Some((parent, name)) = place.rsplit_once('/') else {
        return;
    };
    match json.pointer_mut(parent) {
        Some(Json::Object(members)) => drop(members.insert(name.to_owned(), value)),
        Some(Json::Array(values)) => {
            let position = name.parse::<usize>().ok();
            if let Some(slot) = position.and_then(|position| values.get_mut(position)) {
                *slot = value;
            }
        }
        _ => {}
    }
}

/// Takes the value away that is at a place.
fn take(json: &mut Json, place: &str) -> Option<Json> {
    let (parent, name) = place.rsplit_once('/')?;
    match json.pointer_mut(parent)? {
        Json::Object(members) => members.remove(name),
        Json::Array(values) => Some(values.get_mut(name.parse::<usize>().ok()?)?.take()),
        _ => None,
    }
}

/// Whether everything that was given is in what was understood: what is not is a member
/// that nothing reads.
pub(super) fn is_kept(given: &Json, understood: &Json) -> bool {
    match (given, understood) {
        (Json::Object(given), Json::Object(understood)) => {
            given
                .iter()
                .all(|(name, value)| match understood.get(name) {
                    Some(other) => is_kept(value, other),
                    None => value.is_null(),
                })
        }
        (Json::Array(given), Json::Array(understood)) => {
            given.len() == understood.len()
                && given.iter().zip(understood).all(|(a, b)| is_kept(a, b))
        }
        _ => true,
    }
}

/// Writes whole numbers as such, which JSON may write with a fraction of zero. `false`
/// for one that not every reader reads exactly.
pub(super) fn make_exact(json: &mut Json) -> bool {
    match json {
        Json::Number(number) => {
            #[expect(clippy::cast_precision_loss, reason = "2^53 - 1 is exact")]
            let most = MOST as f64;
            let value = number.as_f64().unwrap_or(f64::MAX);
            if !number.is_f64() {
                return value.abs() <= most;
            }
            if value.abs() <= most && value.fract() == 0.0 {
                #[expect(clippy::cast_possible_truncation, reason = "it was compared")]
                let whole = value as i64;
                *json = whole.into();
            }
            true
        }
        Json::Array(values) => values.iter_mut().all(make_exact),
        Json::Object(members) => members.values_mut().all(make_exact),
        _ => true,
    }
}
