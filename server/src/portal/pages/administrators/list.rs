//! The list of the administrators.

use axum::extract::RawQuery;
use axum::response::Response;
use maud::html;

use super::common::{SECTION, path_of, state};
use crate::admin::{AdministratorOperation as Act, Operation, Outcome};
use crate::portal::pages::layout;
use crate::portal::pages::parts;
use crate::portal::pages::visit::Visit;

pub(super) async fn list(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let reader = visit.reader;
    let t = |name| reader.t(name);
    let after = parts::value(&query, "after");
    let is_first = after.is_none();
    let page = match visit
        .ask(Operation::Administrator(Act::List { after }))
        .await
    {
        Ok(Outcome::Administrators(page)) => page,
        Ok(_) => return visit.unexpected(),
        Err(refused) => return visit.refused(refused),
    };
    let next = page
        .next
        .map(|next| format!("/administrators?after={}", parts::segment(&next)));
    let rows: Vec<_> = page
        .administrators
        .iter()
        .map(|one| {
            vec![
                html! { a href=(path_of(&one.name)) { (parts::name(&one.name)) } },
                html! { (t(layout::role(one.role))) },
                state(reader, one),
                html! { (reader.n(u64::try_from(one.recovery_codes_left).unwrap_or_default())) },
                reader.time(one.created_at_ms),
            ]
        })
        .collect();
    let heads = [
        t("column.name"),
        t("administrators.role"),
        t("column.state"),
        t("administrators.recovery"),
        t("column.created"),
    ];
    let body = html! {
        p.lead { (t("administrators.lead")) }
        (parts::notice(reader, &query))
        p.actions {
            a.button.main href="/new/administrator" { (t("administrators.new")) }
            a.button href="/all-tokens" { (t("tokens.all.title")) }
        }
        (parts::table(t("administrators.title"), &heads, &rows))
        (parts::pager(reader, (!is_first).then_some("/administrators"), next.as_deref()))
    };
    visit.page(SECTION, t("administrators.title"), &body)
}
