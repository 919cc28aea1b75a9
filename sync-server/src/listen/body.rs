//! Bodies are taken in whole before anybody works on them, so that a slow sender holds nothing but its connection: within a time, at a
//! rate, and only so many long ones at once.

use super::Limits;
use crate::fault;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::body::Body as _;
use shared::sync::envelope::MAX_ENVELOPE;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// A body up to this many bytes needs no place among the long ones.
const SHORT: usize = 16 * 1024;
/// The rate counts from then on: a line may take a breath at first.
const BREATH: Duration = Duration::from_secs(10);

/// What bodies are held to.
#[derive(Clone, Debug)]
pub(super) struct Bodies {
    limits: Limits,
    long: Arc<Semaphore>,
}

impl Bodies {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, long: Arc::new(Semaphore::new(limits.long_bodies)) }
    }
}

/// Why a body was not taken in.
enum Refused {
    TooLarge,
    TooSlow,
}

/// Takes in the whole body, then goes on.
pub(super) async fn whole_body(State(bodies): State<Bodies>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    match tokio::time::timeout(bodies.limits.body, bodies.take(body)).await.unwrap_or(Err(Refused::TooSlow)) {
        Ok(body) => next.run(Request::from_parts(head, Body::from(body))).await,
        Err(Refused::TooLarge) => fault::too_large().into_response(),
        Err(Refused::TooSlow) => fault::malformed().with(StatusCode::REQUEST_TIMEOUT).into_response(),
    }
}

impl Bodies {
    async fn take(&self, mut body: Body) -> Result<Bytes, Refused> {
        if body.size_hint().lower() > MAX_ENVELOPE as u64 {
            return Err(Refused::TooLarge);
        }
        let (mut taken, mut place) = (Vec::new(), None);
        let mut begun = Instant::now();
        loop {
            let due = due(begun, taken.len(), self.limits.body_rate);
            let piece = tokio::time::timeout_at(due, poll_fn(|context| Pin::new(&mut body).poll_frame(context))).await;
            let piece = match piece.map_err(|_| Refused::TooSlow)? {
                None => return Ok(taken.into()),
                Some(Err(_)) => return Err(Refused::TooSlow),
                Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            };
            if taken.len() + piece.len() > MAX_ENVELOPE {
                return Err(Refused::TooLarge);
            }
            taken.extend_from_slice(&piece);
            if taken.len() > SHORT && place.is_none() {
                let waits = Instant::now();
                place = self.long.acquire().await.ok();
                // The sender is not to blame for that time.
                begun += waits.elapsed();
            }
        }
    }
}

/// By when the next piece has to be here, for the whole to keep the rate.
fn due(begun: Instant, taken: usize, rate: u64) -> Instant {
    begun + BREATH + Duration::from_secs(taken as u64 / rate.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::body::Frame;
    use std::convert::Infallible;
    use std::task::{Context, Poll};
    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    /// A body whose pieces come when the test sends them.
    struct Sent(UnboundedReceiver<usize>);

    impl hyper::body::Body for Sent {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.0.poll_recv(context).map(|piece| piece.map(|bytes| Ok(Frame::data(Bytes::from(vec![7; bytes])))))
        }
    }

    #[test]
    fn a_thin_line_keeps_the_rate_and_drops_do_not() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        // 10 kbit/s for a minute and a half, as thin as a line may be.
        assert!((1..90).all(|second| after(second + 1) < due(begun, second as usize * 1_250, 512)));
        // A byte a second.
        assert!(due(begun, 11, 512) < after(11));
        assert_eq!(due(begun, 0, 0), begun + BREATH);
    }

    #[tokio::test]
    async fn long_bodies_wait_for_each_other_and_short_ones_for_nobody() {
        let bodies = Bodies::new(Limits { long_bodies: 1, ..Limits::default() });
        let begin = || {
            let (send, pieces) = unbounded_channel();
            let bodies = bodies.clone();
            (send, tokio::spawn(async move { bodies.take(Body::new(Sent(pieces))).await.map_or(0, |body| body.len()) }))
        };
        let free = || bodies.long.available_permits();
        let (first, first_done) = begin();
        first.send(2 * SHORT).unwrap();
        while free() == 1 {
            tokio::task::yield_now().await;
        }
        let ((second, second_done), (short, short_done)) = (begin(), begin());
        let end = |send: UnboundedSender<usize>, bytes| send.send(bytes).unwrap();
        end(second, 3 * SHORT);
        end(short, SHORT);
        assert_eq!(short_done.await.unwrap(), SHORT);
        assert!(!second_done.is_finished(), "the first one has the only place");
        end(first, 1);
        assert_eq!(first_done.await.unwrap(), 2 * SHORT + 1);
        assert_eq!(second_done.await.unwrap(), 3 * SHORT);
        assert_eq!(free(), 1);
    }

    #[tokio::test]
    async fn a_body_that_is_too_long_is_not_taken_in() {
        let bodies = Bodies::new(Limits::default());
        let (send, pieces) = unbounded_channel();
        for _ in 0..3 {
            send.send(MAX_ENVELOPE / 2).unwrap();
        }
        assert!(matches!(bodies.take(Body::new(Sent(pieces))).await, Err(Refused::TooLarge)));
        assert_eq!(bodies.long.available_permits(), bodies.limits.long_bodies);
    }
}
