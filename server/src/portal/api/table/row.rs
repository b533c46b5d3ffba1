//! How a row of the table is written: its columns, one by one.

use http::Method;
use serde_json::Value as Json;

use crate::portal::api::route::{Answer, From, Input, MakeSchema, Returned, Route, of};

pub(super) fn route(method: Method, path: &str, id: &str, summary: &str, template: Json) -> Route {
    Route {
        method,
        path: path.to_owned(),
        id: id.to_owned(),
        summary: summary.to_owned(),
        template,
        inputs: Vec::new(),
        answer: Answer::Nothing,
        may_need_code: false,
    }
}

impl Route {
    pub(super) fn takes(
        mut self,
        from: From,
        place: &str,
        schema: MakeSchema,
        is_required: bool,
    ) -> Self {
        self.inputs.push(Input {
            from,
            place: place.to_owned(),
            schema,
            is_required,
        });
        self
    }

    pub(super) fn path(self, name: &'static str, place: &str) -> Self {
        self.takes(From::Path(name), place, of::<String>, true)
    }

    pub(super) fn query(self, name: &'static str, place: &str, schema: MakeSchema) -> Self {
        self.takes(From::Query(name), place, schema, false)
    }

    pub(super) fn if_match(self, place: &str) -> Self {
        self.takes(From::IfMatch, place, of::<String>, false)
    }

    pub(super) fn body(self, place: &str, schema: MakeSchema) -> Self {
        self.takes(From::Body, place, schema, true)
    }

    pub(super) fn member(self, name: &'static str, place: &str, schema: MakeSchema) -> Self {
        self.takes(From::Member(name), place, schema, true)
    }

    pub(super) fn option(self, name: &'static str, place: &str, schema: MakeSchema) -> Self {
        self.takes(From::Member(name), place, schema, false)
    }

    pub(super) fn returns(mut self, outcome: &'static str, schema: MakeSchema) -> Self {
        self.answer = Answer::Value(Returned {
            outcome,
            member: None,
            schema,
        });
        self
    }

    pub(super) fn returns_in(
        mut self,
        member: &'static str,
        outcome: &'static str,
        schema: MakeSchema,
    ) -> Self {
        self.answer = Answer::Value(Returned {
            outcome,
            member: Some(member),
            schema,
        });
        self
    }

    pub(super) fn creates(
        mut self,
        outcome: &'static str,
        schema: MakeSchema,
        place: Option<&'static str>,
    ) -> Self {
        let returned = Returned {
            outcome,
            member: None,
            schema,
        };
        self.answer = Answer::Created(returned, place);
        self
    }

    pub(super) fn may_need_code(mut self) -> Self {
        self.may_need_code = true;
        self
    }
}
