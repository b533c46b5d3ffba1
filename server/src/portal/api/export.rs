//! The audit log as JSON lines.

use std::sync::Arc;

use axum::body::Body;
use futures_util::stream;
use http::{HeaderValue, Response, header};

use super::exchange::Exchange;
use super::problem::Problem;
use crate::admin::{AuditOperation, AuditPage, AuditQuestion, MOST_ENTRIES, Operation, Outcome};
use crate::administrators::Granted;

/// The lines of every page behind each other, the oldest first. Failures of the first
/// page are answered; a later one ends the connection, so that a part is not taken for
/// the whole.
pub(super) async fn lines(
    exchange: Exchange,
    granted: Arc<Granted>,
    operation: Operation,
) -> Result<Response<Body>, Problem> {
    let Operation::Audit(AuditOperation::List(mut question)) = operation else {
        return Err(Problem::INTERNAL);
    };
    question.after = Some(question.after.unwrap_or(0));
    question.limit = Some(MOST_ENTRIES);
    let first = page(&exchange, &granted, &question).await?;
    let begun = (exchange, granted, question, Some(first));
    let chunks = stream::try_unfold(begun, |(exchange, granted, mut question, page)| async {
        let page = match page {
            Some(page) => page,
            None if question.after.is_none() => return Ok(None),
            None => match self::page(&exchange, &granted, &question).await {
                Ok(page) => page,
                Err(problem) => {
                    let status = problem.status().as_u16();
                    return Err(std::io::Error::other(status.to_string()));
                }
            },
        };
        let mut text = page.lines.join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        question.after = page.next;
        Ok(Some((text, (exchange, granted, question, None))))
    });
    let mut response = Response::new(Body::from_stream(chunks));
    // JSON Lines have no registered media type that generated clients know.
    let media = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    Ok(response)
}

async fn page(
    exchange: &Exchange,
    granted: &Arc<Granted>,
    question: &AuditQuestion,
) -> Result<AuditPage, Problem> {
    let operation = Operation::Audit(AuditOperation::List(question.clone()));
    match exchange.perform(Arc::clone(granted), operation).await? {
        Outcome::Audit(page) => Ok(page),
        _ => Err(Problem::INTERNAL),
    }
}
