//! A real browser and the real window, driven over WebDriver; screenshots for people to look at.

use crate::program::{Running, binary};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

/// A WebDriver session and the driver program behind it.
#[derive(Debug)]
pub struct Session {
    /// The session.
    pub page: WebDriver,
    driver: Child,
    _profile: tempfile::TempDir,
}

/// Headless Chromium at the size of a counter's screen.
///
/// # Errors
/// When Chromium or its driver is missing.
pub async fn chromium() -> Result<Session> {
    let profile = tempfile::tempdir()?;
    let port = free_port()?;
    let driver = Command::new("chromedriver")
        .arg(format!("--port={port}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("chromedriver")?;
    let mut capabilities = DesiredCapabilities::chrome();
    for argument in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--lang=zh-CN",
        // The page itself gets 1366x768.
        "--window-size=1366,911",
    ] {
        capabilities.add_arg(argument)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    let page = connect(port, capabilities.into()).await?;
    Ok(Session { page, driver, _profile: profile })
}

/// The real window on a desk's folder, through tauri-driver and WebKitWebDriver.
///
/// # Errors
/// When the driver or the display is missing.
pub async fn window(data: &std::path::Path) -> Result<Session> {
    let profile = tempfile::tempdir()?;
    let port = free_port()?;
    let native = free_port()?;
    let tauri_driver = std::env::var_os("YINLING_TAURI_DRIVER").map_or_else(|| PathBuf::from("tauri-driver"), PathBuf::from);
    let driver = Command::new(tauri_driver)
        .args(["--port", &port.to_string(), "--native-port", &native.to_string(), "--native-driver"])
        .arg(std::env::var_os("YINLING_WEBKIT_DRIVER").unwrap_or_else(|| "/usr/bin/WebKitWebDriver".into()))
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env("YINLING_NOW", crate::program::NOW)
        .env("HOME", profile.path())
        .env("XDG_DATA_HOME", profile.path().join("data"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("tauri-driver")?;
    let mut capabilities = Capabilities::new();
    let options = json!({ "application": binary("desk-window"), "args": ["--data", data] });
    capabilities.set("tauri:options", options)?;
    let page = connect(port, capabilities).await?;
    Ok(Session { page, driver, _profile: profile })
}

async fn connect(port: u16, capabilities: Capabilities) -> Result<WebDriver> {
    let address = format!("http://127.0.0.1:{port}");
    let begun = Instant::now();
    loop {
        match WebDriver::new(&address, capabilities.clone()).await {
            Ok(page) => return Ok(page),
            Err(error) if begun.elapsed() > Duration::from_secs(40) => return Err(error).context("the driver gave no session"),
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Session {
    /// Opens what a program serves.
    ///
    /// # Errors
    /// When it does not say where it listens.
    pub async fn open(&self, running: &Running) -> Result<()> {
        let open = running.first_line["open"].as_str().map_or_else(|| running.listening(), |open| Ok(open.to_owned()))?;
        self.page.goto(open).await?;
        Ok(())
    }

    /// The shown element with this `data-testid`, as soon as it is there.
    ///
    /// # Errors
    /// When it does not come within twenty seconds.
    pub async fn see(&self, id: &str) -> Result<WebElement> {
        let found = self.page.query(By::Css(format!("[data-testid=\"{id}\"]"))).wait(Duration::from_secs(20), Duration::from_millis(50));
        found.and_displayed().first().await.with_context(|| format!("{id} is not on the screen"))
    }

    /// Waits until the element's text has `part`.
    ///
    /// # Errors
    /// When it does not within twenty seconds; the error tells what stood there instead.
    pub async fn see_text(&self, id: &str, part: &str) -> Result<String> {
        let begun = Instant::now();
        loop {
            let text = match self.see(id).await {
                // WebKit's driver leaves clipped cells out of its own `text`.
                Ok(element) => element.prop("textContent").await.ok().flatten().unwrap_or_default(),
                Err(error) => return Err(error),
            };
            if text.contains(part) {
                return Ok(text);
            }
            if begun.elapsed() > Duration::from_secs(20) {
                bail!("{id} says {text:?}, not {part:?}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks the element with this `data-testid`.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn click(&self, id: &str) -> Result<()> {
        self.see(id).await?.click().await.with_context(|| format!("click {id}"))
    }

    /// Presses keys wherever the focus is.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.page.active_element().await?.send_keys(keys).await?)
    }

    /// Saves a picture of the page under `target/screenshots` or `$YINLING_SCREENSHOTS`.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let folder = std::env::var_os("YINLING_SCREENSHOTS").map_or_else(|| binary("screenshots"), PathBuf::from);
        std::fs::create_dir_all(&folder)?;
        self.page.screenshot(&folder.join(format!("{name}.png"))).await?;
        Ok(())
    }

    /// The addresses of everything the page has loaded that are not its own.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn foreign_requests(&self) -> Result<Vec<String>> {
        let script = "return performance.getEntriesByType('resource').map(e => e.name)\
                      .filter(n => !n.startsWith(location.origin + '/') && !/^(data|blob|ipc|tauri):/.test(n) && !n.startsWith('http://ipc.localhost'))";
        let found = self.page.execute(script, vec![]).await?;
        Ok(found.convert::<Vec<String>>()?)
    }

    /// Ends the session.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn close(mut self) -> Result<()> {
        let ended = self.page.clone().quit().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        Ok(ended?)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
