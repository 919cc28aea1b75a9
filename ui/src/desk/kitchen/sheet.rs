//! The table of the sheet: dish by texture and size, for each way of getting it.

use super::Screen;
use crate::kit::icon::{Draw, Icon};
use crate::record::field_said;
use leptos::prelude::*;
use shared::command::KitchenSheet;
use shared::kinds::{Mode, RecordKind};
use shared::rule::kitchen::{Size, Texture, spare};
use shared::say;

#[component]
pub fn Sheet(screen: Screen) -> impl IntoView {
    let empty = move || screen.sheet.value.with(|sheet| sheet.as_ref().is_some_and(|sheet| sheet.rows.is_empty()));
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=say!(kitchen::SHEET) data-testid="kitchen-sheet">
            {move || (!empty()).then(|| screen.with(|sheet| Some(table(sheet, screen.spare.get()))))}
            {move || empty().then(|| view! { <div class="empty"><Draw icon=Icon::Bag/><p>{say!(kitchen::NO_ORDERS)}</p></div> })}
        </div>
    }
}

/// The same on the screen and on paper.
pub fn table(sheet: &KitchenSheet, share: u32) -> AnyView {
    let of = |name| field_said(RecordKind::Order, name);
    let dish_total = |dish: &str| sheet.rows.iter().filter(|row| row.dish == dish).map(|row| row.total).sum::<u32>();
    let mut before = String::new();
    let rows = sheet.rows.iter().map(|row| {
        let first = std::mem::replace(&mut before, row.dish.clone()) != row.dish;
        let beyond = first.then(|| spare(dish_total(&row.dish), share)).filter(|beyond| *beyond > 0);
        let texture = if row.texture == Texture::Usual { "" } else { row.texture.said() };
        let size = if row.size == Size::Usual { "" } else { row.size.said() };
        let counts = row.by_mode.iter().map(|count| view! { <td class="right num">{(*count > 0).then_some(*count)}</td> }).collect_view();
        view! {
            <tr class:again=!first><td>{first.then(|| view! { <b>{row.dish.clone()}</b> })}</td><td>{texture}</td><td>{size}</td>{counts}
                <td class="right num"><b>{row.total}</b></td><td class="right num">{beyond.map(|beyond| format!("+{beyond}"))}</td></tr>
        }
    });
    let rows = rows.collect_view();
    let by_mode = (0..Mode::ALL.len())
        .map(|at| {
            let total: u32 = sheet.rows.iter().filter_map(|row| row.by_mode.get(at)).sum();
            view! { <td class="right num">{total}</td> }
        })
        .collect_view();
    let total: u32 = sheet.rows.iter().map(|row| row.total).sum();
    let mut dishes: Vec<&str> = sheet.rows.iter().map(|row| row.dish.as_str()).collect();
    dishes.dedup();
    let beyond: u32 = dishes.iter().map(|dish| spare(dish_total(dish), share)).sum();
    let modes = Mode::ALL.iter().map(|mode| view! { <th class="right">{mode.said()}</th> }).collect_view();
    view! {
        <table class="sheet">
            <thead><tr><th>{of("dish")}</th><th>{say!(kitchen::TEXTURE)}</th><th>{say!(kitchen::SIZE)}</th>{modes}<th class="right">{say!(kitchen::TOTAL)}</th><th class="right">{say!(kitchen::SPARE)}</th></tr></thead>
            <tbody>{rows}</tbody>
            <tfoot><tr><td colspan="3">{say!(kitchen::TOTAL)}</td>{by_mode}<td class="right num"><b data-testid="kitchen-total">{total}</b></td><td class="right num">{(beyond > 0).then(|| format!("+{beyond}"))}</td></tr></tfoot>
        </table>
    }
    .into_any()
}
