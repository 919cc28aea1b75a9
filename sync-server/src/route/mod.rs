//! What a route is: a path, its handlers, and what the OpenAPI document says of each of them. The document is told by the
//! handlers' own arguments and answers, so none can be served undescribed, or otherwise than described.
//! Which routes there are is said in `sync` and `console`; `http` puts them together.

mod answer;
mod ask;
mod operation;
mod source;

pub use answer::{Jpeg, Nothing, Octets, Output, Workbook};
pub use ask::{Anybody, Caller, HOST_ONLY, Input, RequestId, SESSION};
pub use operation::{Operation, Schemas};
pub use source::{Encrypted, Origin, Source, is_encrypted, whole_network};

use crate::Server;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};
use std::borrow::Cow;

/// A path with what answers there.
pub struct Route {
    pub path: Cow<'static, str>,
    pub answer: MethodRouter<Server>,
    pub acts: Vec<Act>,
}

/// One method of a path, as the document names it.
pub struct Act {
    pub method: &'static str,
    /// What it does, in Chinese.
    pub summary: Cow<'static, str>,
    /// Tells the rest.
    pub describe: Box<dyn Fn(&mut Operation<'_>) + Send + Sync>,
}

impl Route {
    pub fn at(path: impl Into<Cow<'static, str>>) -> Self {
        Self { path: path.into(), answer: MethodRouter::new(), acts: Vec::new() }
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

    /// A handler of which something else than its types tells.
    pub fn described<H, M>(mut self, filter: MethodFilter, handler: H, act: Act) -> Self
    where
        H: Handler<M, Server>,
        M: 'static,
    {
        self.answer = self.answer.on(filter, handler);
        self.acts.push(act);
        self
    }

    fn on<H, M, A>(self, filter: MethodFilter, method: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<M, Server> + Described<A>,
        M: 'static,
    {
        let describe: fn(&mut Operation<'_>) = H::describe;
        self.described(filter, handler, Act { method, summary: summary.into(), describe: Box::new(describe) })
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
described!(A, B, C, D, E);
