//! The matrix of rights: who asks, what for, and where the thing stands to who asks. Each cell is tried at the programs themselves, and what came
//! of it is kept in `samples/rights`, so that a change of rights is a change of lines that somebody reads. `YINLING_RECORD=1 cargo nextest run
//! rights::` records it anew. What must hold whatever is recorded stands beside it.

mod accounts;
mod devices;
mod golden;
mod invariants;
mod staff;
mod world;

use anyhow::{Result, ensure};

#[test]
fn what_devices_may_is_as_it_is_kept() -> Result<()> {
    let golden = devices::tried()?;
    invariants::of_devices(&golden)?;
    golden.hold()
}

#[test]
fn what_people_may_at_desks_is_as_it_is_kept() -> Result<()> {
    let golden = staff::tried()?;
    invariants::of_staff(&golden)?;
    golden.hold()
}

#[test]
fn what_accounts_may_is_as_it_is_kept() -> Result<()> {
    let golden = accounts::tried()?;
    invariants::of_accounts(&golden)?;
    golden.hold()
}

#[test]
fn twenty_thousand_cells_are_kept() -> Result<()> {
    let cells = golden::kept("devices")? + golden::kept("staff")? + golden::kept("accounts")?;
    println!("{cells} cells");
    ensure!(cells >= 20_000, "{cells}");
    Ok(())
}
