//! What a route is: a path, its handlers, and what the OpenAPI document says of each of them. The document is told by the
//! handlers' own arguments and answers, so none can be served undescribed, or otherwise than described.
//! Which routes there are is said in `sync` and `console`; `http` puts them together.

mod answer;
mod ask;
mod operation;

pub use answer::{Jpeg, Octets, Output};
pub use ask::{Input, SESSION, SessionCookie};
pub use operation::{Operation, Schemas};

use crate::Server;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};

/// A path with what answers there.
pub struct Route {
    pub path: &'static str,
    pub answer: MethodRouter<Server>,
    pub acts: Vec<Act>,
}

/// One method of a path, as the document names it.
pub struct Act {
    pub method: &'static str,
    /// What it does, in Chinese.
    pub summary: &'static str,
    /// Tells the rest.
    pub describe: fn(&mut Operation<'_>),
}

impl Route {
    pub fn at(path: &'static str) -> Self {
        Self { path, answer: MethodRouter::new(), acts: Vec::new() }
    }

    pub fn get<H, M, A>(self, summary: &'static str, handler: H) -> Self
    where
        H: Handler<M, Server> + Described<A>,
        M: 'static,
    {
        self.on(MethodFilter::GET, "get", summary, handler)
    }

    pub fn post<H, M, A>(self, summary: &'static str, handler: H) -> Self
    where
        H: Handler<M, Server> + Described<A>,
        M: 'static,
    {
        self.on(MethodFilter::POST, "post", summary, handler)
    }

    pub fn delete<H, M, A>(self, summary: &'static str, handler: H) -> Self
    where
        H: Handler<M, Server> + Described<A>,
        M: 'static,
    {
        self.on(MethodFilter::DELETE, "delete", summary, handler)
    }

    /// Bodies may be so long, in bytes.
    pub fn up_to(mut self, most: usize) -> Self {
        self.answer = self.answer.layer(DefaultBodyLimit::max(most));
        self
    }

    fn on<H, M, A>(mut self, filter: MethodFilter, method: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<M, Server> + Described<A>,
        M: 'static,
    {
        self.answer = self.answer.on(filter, handler);
        self.acts.push(Act { method, summary, describe: H::describe });
        self
    }
}

/// A handler whose arguments (`A`) and answer can be told.
pub trait Described<A> {
    fn describe(operation: &mut Operation<'_>);
}

macro_rules! described {
    ($($argument:ident),*) => {
        impl<F, Answer, Told, $($argument),*> Described<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> Answer,
            Answer: Future<Output = Told>,
            Told: Output,
            $($argument: Input),*
        {
            fn describe(operation: &mut Operation<'_>) {
                $($argument::describe(operation);)*
                Told::describe(operation);
            }
        }
    };
}

described!();
described!(A);
described!(A, B);
described!(A, B, C);
described!(A, B, C, D);
