//! The pages: what each weighs, and how long its first picture and its first usable screen take, also on a processor
//! slowed four times, which is what stands in many an office.

use crate::row;
use anyhow::{Context, Result};
use serde_json::json;
use std::path::Path;
use tests::browser::chromium;
use tests::program::{DeskHome, ServerHome};

/// Name, what may travel in KiB, and what shows that the page can be used.
const PAGES: [(&str, f64, &str); 3] = [("desk", 450.0, "nav-order"), ("console", 250.0, "console-signin"), ("phone", 150.0, "phone-done")];

pub fn measure() -> Result<()> {
    for (program, asked, _) in PAGES {
        weigh(program, asked);
    }
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server = home.serve("127.0.0.1:0")?;
    let desk = DeskHome::enrolled(&server.listening()?, &code)?;
    let served = desk.serve()?;
    let said = |key: &str| served.first_line[key].as_str().map(str::to_owned).context("where the desk listens");
    let addresses = [said("open")?, server.listening()?, said("phone")?];
    let runtime = tokio::runtime::Runtime::new()?;
    for slower in [1_u32, 4] {
        for ((program, _, usable), address) in PAGES.iter().zip(&addresses) {
            let times = runtime.block_on(open(address, usable, slower));
            match times {
                Ok((painted, usable)) => {
                    row(&format!("{program}, first paint, processor 1/{slower} (ms)"), painted, None);
                    row(&format!("{program}, usable, processor 1/{slower} (ms)"), usable, None);
                }
                Err(error) => println!("{program}, processor 1/{slower}: not measured: {error:#}"),
            }
        }
    }
    Ok(())
}

fn weigh(program: &str, asked: f64) {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    let kib = |path: std::path::PathBuf| std::fs::metadata(path).map(|file| file.len() as f64 / 1024.0);
    let (Ok(whole), Ok(packed)) =
        (kib(dist.join(program).join("ui_bg.wasm")), kib(dist.join("packed").join(program).join("ui_bg.wasm.gz")))
    else {
        return;
    };
    row(&format!("{program}, wasm (KiB)"), whole, None);
    row(&format!("{program}, wasm gzipped as it travels (KiB)"), packed, Some(asked));
}

/// Milliseconds from the start of the navigation to the first picture and to the first use, in a fresh browser.
async fn open(address: &str, usable: &str, slower: u32) -> Result<(f64, f64)> {
    let session = chromium().await?;
    let notes = format!(
        "new MutationObserver((_, watch) => {{ if (document.querySelector('[data-testid={usable}]')) \
         {{ window.usableAt = performance.now(); watch.disconnect(); }} }}).observe(document, {{ subtree: true, childList: true }});"
    );
    let tools = session.page.cdp();
    tools.send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": notes })).await?;
    tools.send_raw("Emulation.setCPUThrottlingRate", json!({ "rate": slower })).await?;
    session.page.goto(address).await?;
    session.see(usable).await?;
    let painted = session.ask("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN").await?;
    let usable = session.ask("return window.usableAt ?? NaN").await?;
    session.close().await?;
    Ok((painted, usable))
}
