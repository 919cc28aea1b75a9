//! A canteen at work, of the real programs: a server that serves, and the desk that is enrolled there.

use crate::program::{DeskHome, Running, ServerHome, sample};
use anyhow::{Context, Result};

/// The server's program and folder, and the canteen's desk.
#[derive(Debug)]
pub struct Canteen {
    /// The canteen's desk.
    pub desk: DeskHome,
    /// The server's program.
    pub server: Running,
    /// Where it listens.
    pub address: String,
    /// The server's folder.
    pub home: ServerHome,
}

impl Canteen {
    /// Starts the server and enrols the desk.
    ///
    /// # Errors
    /// When one of them does not start.
    pub fn new() -> Result<Self> {
        let home = ServerHome::new()?;
        let (_, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
        let server = home.serve("127.0.0.1:0")?;
        let address = server.listening()?;
        let desk = DeskHome::enrolled(&address, &code)?;
        Ok(Self { desk, server, address, home })
    }
}

impl DeskHome {
    /// Imports a list of `tests/samples` and gives the id of the first elder whom the text finds.
    ///
    /// # Errors
    /// When the list is not taken, or nobody is found.
    pub fn elder_of(&self, list: &str, text: &str) -> Result<String> {
        self.json(&["import", "elders", sample(list).to_str().context("path")?, "--json"])?;
        let hits = self.json(&["elder", "find", text, "--json"])?;
        Ok(hits[0]["id"].as_str().with_context(|| format!("{text} is not in {list}"))?.to_owned())
    }

    /// Takes an order to be brought and gives its id.
    ///
    /// # Errors
    /// When it is not taken.
    pub fn order_for(&self, elder: &str) -> Result<String> {
        let take = ["order", "take", "--elder", elder, "--mode", "own_delivery", "--reason", "测试", "--confirm", "--json"];
        Ok(self.json(&take)?["id"].as_str().context("order")?.to_owned())
    }
}
