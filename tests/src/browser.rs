//! A real browser and the real window, driven over WebDriver; screenshots for people to look at.

use crate::program::{Running, binary};
use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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

/// Where pictures for people lie.
fn pictures() -> Result<PathBuf> {
    let folder = std::env::var_os("YINLING_SCREENSHOTS").map_or_else(|| binary("screenshots"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Headless Chromium at the size of a counter's screen.
///
/// # Errors
/// When Chromium or its driver is missing.
pub async fn chromium() -> Result<Session> {
    // The page itself gets 1366x768.
    sized(1366, 911).await
}

/// Headless Chromium whose page is as narrow as a telephone's.
///
/// # Errors
/// When Chromium or its driver is missing.
pub async fn telephone(width: u32) -> Result<Session> {
    let session = sized(1000, 911).await?;
    let screen = json!({ "width": width, "height": 780, "deviceScaleFactor": 2, "mobile": true });
    session.page.cdp().send_raw("Emulation.setDeviceMetricsOverride", screen).await?;
    Ok(session)
}

async fn sized(width: u32, height: u32) -> Result<Session> {
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
    ] {
        capabilities.add_arg(argument)?;
    }
    capabilities.add_arg(&format!("--window-size={width},{height}"))?;
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

/// Where `cargo xtask setup` lays axe-core down.
fn in_the_cache() -> PathBuf {
    let home = || std::env::home_dir().unwrap_or_default().join(".cache");
    let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(home, PathBuf::from);
    cache.join("yinling/tools/node_modules/axe-core/axe.min.js")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Whether an error only says that the screen is drawing itself anew.
fn passing(error: &WebDriverError) -> bool {
    use thirtyfour::error::WebDriverErrorInner::{ElementClickIntercepted, ElementNotInteractable, NoSuchElement, StaleElementReference};
    matches!(**error, StaleElementReference(_) | NoSuchElement(_) | ElementNotInteractable(_) | ElementClickIntercepted(_))
}

/// Whether an element is to be seen and says `part`.
async fn shows(element: &WebElement, part: Option<&str>) -> WebDriverResult<bool> {
    let Some(part) = part else { return element.is_displayed().await };
    // WebKit's driver leaves clipped cells out of its own `text`.
    let text = element.prop("textContent").await?.unwrap_or_default();
    Ok(text.contains(part) && element.is_displayed().await?)
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

    /// Waits until the shown element with this `data-testid` is there and `act` says what it is waited for.
    /// A screen draws itself anew at any time: an element that went away under the hand is looked for again.
    async fn until<T>(
        &self,
        id: &str,
        part: Option<&str>,
        mut act: impl AsyncFnMut(WebElement) -> WebDriverResult<Result<T, String>>,
    ) -> Result<T> {
        let begun = Instant::now();
        let place = By::Css(format!("[data-testid=\"{id}\"]"));
        loop {
            let mut seen = format!("{id} is not on the screen");
            for element in self.page.find_all(place.clone()).await? {
                let done = match shows(&element, part).await {
                    Ok(true) => act(element).await,
                    Ok(false) => continue,
                    Err(error) => Err(error),
                };
                match done {
                    Ok(Ok(done)) => return Ok(done),
                    Ok(Err(instead)) => seen = instead,
                    Err(error) if passing(&error) => seen = format!("{id}: {error}"),
                    Err(error) => return Err(error).context(id.to_owned()),
                }
                break;
            }
            if begun.elapsed() > Duration::from_secs(20) {
                bail!(seen);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The shown element with this `data-testid`, as soon as it is there.
    ///
    /// # Errors
    /// When it does not come within twenty seconds.
    pub async fn see(&self, id: &str) -> Result<WebElement> {
        self.until(id, None, async |element| Ok(Ok(element))).await
    }

    /// Waits until the element's text has `part`.
    ///
    /// # Errors
    /// When it does not within twenty seconds; the error tells what stood there instead.
    pub async fn see_text(&self, id: &str, part: &str) -> Result<String> {
        self.until(id, None, async |element| {
            // WebKit's driver leaves clipped cells out of its own `text`.
            let text = element.prop("textContent").await?.unwrap_or_default();
            Ok(if text.contains(part) { Ok(text) } else { Err(format!("{id} says {text:?}, not {part:?}")) })
        })
        .await
    }

    /// Clicks the element with this `data-testid`.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn click(&self, id: &str) -> Result<()> {
        self.until(id, None, async |element| element.click().await.map(Ok)).await
    }

    /// Clicks the element with this `data-testid` whose text has `part`.
    ///
    /// # Errors
    /// When none comes within twenty seconds.
    pub async fn click_with(&self, id: &str, part: &str) -> Result<()> {
        self.until(id, Some(part), async |element| element.click().await.map(Ok)).await
    }

    /// Chooses the option of this value in the list of choices with this `data-testid`.
    ///
    /// # Errors
    /// When there is none.
    pub async fn choose(&self, id: &str, value: &str) -> Result<()> {
        let option = By::Css(format!("option[value=\"{value}\"]"));
        self.until(id, None, async |element| element.find(option.clone()).await?.click().await.map(Ok)).await
    }

    /// Drops a file onto the element with this `data-testid`, as a file manager does.
    ///
    /// # Errors
    /// When it does not come, or takes no files.
    pub async fn drop_file(&self, id: &str, name: &str, content: &str) -> Result<()> {
        let script = "const data = new DataTransfer();\
                      data.items.add(new File([arguments[2]], arguments[1]));\
                      for (const kind of ['dragenter', 'dragover', 'drop'])\
                          arguments[0].dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));";
        self.until(id, None, async |element| {
            self.page.execute(script, vec![element.to_json()?, json!(name), json!(content)]).await.map(|_| Ok(()))
        })
        .await
    }

    /// The answer of a script.
    ///
    /// # Errors
    /// When it fails or answers with something else.
    pub async fn ask<T: serde::de::DeserializeOwned>(&self, script: &str) -> Result<T> {
        Ok(self.page.execute(script, vec![]).await?.convert()?)
    }

    /// What of the page lies beyond the edge of the screen, or below a button that lies over it.
    ///
    /// # Errors
    /// When the driver fails.
    pub async fn out_of_sight(&self) -> Result<Vec<String>> {
        self.ask(include_str!("out_of_sight.js")).await
    }

    /// What axe-core finds against WCAG 2.2 A and AA and against best practice on what is shown now: rule, place, why.
    ///
    /// # Errors
    /// When axe-core is not there, or does not run.
    pub async fn barriers(&self) -> Result<Vec<String>> {
        let axe = std::env::var_os("YINLING_AXE").map_or_else(in_the_cache, PathBuf::from);
        let axe = std::fs::read_to_string(&axe)
            .with_context(|| format!("axe-core is not at {}: run `cargo xtask setup`, or name the file in YINLING_AXE", axe.display()))?;
        self.page.execute(axe, vec![]).await?;
        let found = self.page.execute_async(include_str!("barriers.js"), vec![]).await?;
        Ok(found.convert()?)
    }

    /// Types into the field with this `data-testid`, over what stands there.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn fill(&self, id: &str, text: impl AsRef<str>) -> Result<()> {
        let text = text.as_ref();
        self.until(id, None, async |element| {
            element.clear().await?;
            element.send_keys(text).await.map(Ok)
        })
        .await
    }

    /// Presses keys as soon as the focus is on the element with this `data-testid`.
    ///
    /// # Errors
    /// When the focus does not come there within twenty seconds.
    pub async fn press_at(&self, id: &str, keys: impl Into<TypingData>) -> Result<()> {
        let keys: String = keys.into().as_vec().into_iter().collect();
        self.until(id, None, async |element| {
            if self.page.active_element().await? != element {
                return Ok(Err(format!("the focus is not on {id}")));
            }
            element.send_keys(&keys).await.map(Ok)
        })
        .await
    }

    /// Waits until the page wears a class: large type, high contrast.
    ///
    /// # Errors
    /// When it does not within twenty seconds.
    pub async fn wears(&self, class: &str) -> Result<()> {
        let begun = Instant::now();
        while !self.ask::<String>("return document.documentElement.className").await?.split(' ').any(|worn| worn == class) {
            if begun.elapsed() > Duration::from_secs(20) {
                bail!("the page does not wear {class}");
            }
        }
        Ok(())
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
        self.page.screenshot(&pictures()?.join(format!("{name}.png"))).await?;
        Ok(())
    }

    /// What the page gives to a printer, as a PDF beside the pictures; gives the sizes of its pages in points.
    ///
    /// # Errors
    /// When the driver fails, or what came is no PDF.
    pub async fn paper(&self, name: &str) -> Result<Vec<(f64, f64)>> {
        let printed = self.page.cdp().send_raw("Page.printToPDF", json!({ "preferCSSPageSize": true })).await?;
        let pdf = STANDARD.decode(printed["data"].as_str().context("no PDF")?)?;
        std::fs::write(pictures()?.join(format!("{name}.pdf")), &pdf)?;
        let text = String::from_utf8_lossy(&pdf);
        let boxes = text.split("/MediaBox [").skip(1).filter_map(|rest| rest.split_once(']'));
        let size = |(numbers, _): (&str, &str)| {
            let numbers: Vec<f64> = numbers.split_whitespace().filter_map(|number| number.parse().ok()).collect();
            <[f64; 4]>::try_from(numbers).ok().map(|[left, bottom, right, top]| (right - left, top - bottom))
        };
        Ok(boxes.filter_map(size).collect())
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
