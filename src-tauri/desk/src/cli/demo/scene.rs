//! The demo's plan played at the desk, by the commands of the screens and in the order of time.

use super::plan::Planned;
use super::{Filled, Stage, unwritten};
use desk::Desk;
use image::{ImageFormat, Rgb, RgbImage};
use jiff::civil::DateTime;
use shared::command::{SaveReceipt, SetOutcome, TakeOrder};
use shared::fault::Fault;
use shared::kinds::{Mode, OrderState};
use shared::schema::RecordId;
use std::path::Path;

/// Plays the plan.
pub(super) fn play(desk: &Desk, stage: &Stage, plan: &[Planned], data: &Path, filled: &mut Filled) -> Result<(), Fault> {
    let photo = data.join("演示照片.jpg");
    let played = play_with(desk, stage, plan, &photo, filled);
    let _ = std::fs::remove_file(&photo);
    played
}

fn play_with(desk: &Desk, stage: &Stage, plan: &[Planned], photo: &Path, filled: &mut Filled) -> Result<(), Fault> {
    // The call itself is step 0.
    let calls = plan.iter().enumerate().map(|(at, order)| (order.taken, at, 0));
    let steps = plan.iter().enumerate().flat_map(|(at, order)| (1..).zip(&order.steps).map(move |(step, (time, _))| (*time, at, step)));
    let mut events: Vec<(DateTime, usize, usize)> = calls.chain(steps).collect();
    events.sort_unstable();
    let mut taken: Vec<Option<RecordId>> = vec![None; plan.len()];
    for (time, at, step) in events {
        stage.turn(time);
        let (Some(order), Some(id)) = (plan.get(at), taken.get_mut(at)) else { continue };
        match step.checked_sub(1).and_then(|step| order.steps.get(step)) {
            None => {
                *id = Some(desk.ask(&call(order, at))?.id);
                filled.orders += 1;
            }
            Some((_, state)) if order.receipt.is_some() && order.steps.len() == step => {
                bring_back(desk, order, *id, (time, *state), photo, filled)?;
            }
            Some((_, state)) => {
                desk.ask(&SetOutcome { order: *id, state: Some(*state), reason: order.reason })?;
            }
        }
    }
    Ok(())
}

/// What the cashier types; the reason stays only on what was written after the meal had closed.
fn call(order: &Planned, at: usize) -> TakeOrder {
    let (elder, date, meal) = order.eats;
    TakeOrder {
        elder: Some(elder),
        date: Some(date),
        meal: Some(meal),
        mode: Some(order.mode),
        dish: order.dish.map(str::to_owned),
        note: order.note.to_owned(),
        confirmed: true,
        supplement_reason: "来电时正忙，随后补记".to_owned(),
        platform_number: if order.mode == Mode::ThirdParty { format!("PT{at:06}") } else { String::new() },
    }
}

/// The meal is there, and its receipt is written with the photos that were taken at the door.
fn bring_back(
    desk: &Desk,
    order: &Planned,
    id: Option<RecordId>,
    (time, state): (DateTime, OrderState),
    photo: &Path,
    filled: &mut Filled,
) -> Result<(), Fault> {
    let (Some(brought), Some(id)) = (&order.receipt, id) else { return Ok(()) };
    let mut photos = Vec::new();
    for _ in 0..brought.photos {
        draw(photo, filled.photos)?;
        photos.push(desk.keep_photo_file(photo, id)?.hash);
        filled.photos += 1;
    }
    desk.ask(&SaveReceipt {
        order: Some(id),
        arrived_at: Some(time),
        state: Some(state),
        reason: None,
        received_by: Some(brought.received_by),
        seen: Some(brought.seen),
        note: brought.note.to_owned(),
        photos,
    })?;
    filled.receipts += 1;
    Ok(())
}

/// A door with a lunch box before it, drawn small; each number gives another one.
fn draw(file: &Path, number: u64) -> Result<(), Fault> {
    let shade = |of: u64| u8::try_from(number * of % 90).unwrap_or_default();
    let (door, wall, lid) = ([110 + shade(7), 60 + shade(3), 40], [200, 190 - shade(5), 170], [60, 120 + shade(11), 200]);
    let picture = RgbImage::from_fn(240, 180, |x, y| {
        Rgb(match (x, y) {
            (100..150, 140..165) => lid,
            (145..152, 88..100) => [225, 195, 90],
            (80..160, 30..) => door,
            (_, 165..) => [150, 145, 140],
            _ => wall,
        })
    });
    picture.save_with_format(file, ImageFormat::Jpeg).map_err(|error| unwritten(&error))
}
