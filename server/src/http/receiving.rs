//! The body of a request, which counts what the request holds.

use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use mpass_core::service::MAX_REQUEST_LEN;

use crate::admission::{Admitted, InFlight};

/// What a request holds besides its header and body: tasks and buffers.
const REQUEST: usize = 4096;
/// What a field of a header holds besides its text.
const FIELD: usize = 128;

/// A body that is being received.
pub(super) struct Receiving {
    body: Incoming,
    /// Until all of it has been received.
    in_flight: Option<Arc<InFlight>>,
    head: usize,
    read: usize,
}

/// The memory that a request holds without its body.
pub(super) fn head_memory<B>(request: &Request<B>) -> usize {
    let fields = request.headers().iter();
    let fields = fields.map(|(name, value)| name.as_str().len() + value.len() + FIELD);
    let target = request.uri().path_and_query();
    let target = target.map_or(0, |target| target.as_str().len());
    REQUEST + target + fields.sum::<usize>()
}

impl Receiving {
    /// Begins a request on a connection; `None` if its memory is not available.
    pub(super) fn begin(
        admitted: &Arc<Admitted>,
        head: usize,
        request: Request<Incoming>,
    ) -> Option<(Request<Self>, Arc<InFlight>)> {
        let is_received = request.body().is_end_stream();
        let body = match request.body().size_hint().upper() {
            Some(length) => usize::try_from(length).unwrap_or(usize::MAX),
            None => usize::MAX,
        };
        let memory = head + body.min(MAX_REQUEST_LEN + 1);
        let in_flight = Arc::new(admitted.begin(memory, is_received)?);
        let request = request.map(|body| Self {
            body,
            in_flight: (!is_received).then(|| Arc::clone(&in_flight)),
            head,
            read: 0,
        });
        Some((request, in_flight))
    }

    fn received(&mut self) {
        if let Some(in_flight) = self.in_flight.take() {
            in_flight.received(self.head + self.read.min(MAX_REQUEST_LEN + 1));
        }
    }
}

impl HttpBody for Receiving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let data = match &frame {
            Some(Ok(frame)) => frame.data_ref(),
            _ => None,
        };
        self.read += data.map_or(0, Bytes::len);
        if !matches!(frame, Some(Ok(_))) || self.body.is_end_stream() {
            self.received();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Receiving {
    /// What is not received by now is not waited for.
    fn drop(&mut self) {
        self.received();
    }
}
