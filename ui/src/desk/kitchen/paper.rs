//! On paper: the sheet with what is special and what changed on A4, and labels of 58 by 40 mm in packing order. The style sheet prints them alone.

use super::sheet::table;
use super::side::became;
use super::{Screen, stopped};
use crate::kit::time::{clock, day_long, day_short};
use crate::record::field_said;
use jiff::ToSpan;
use leptos::prelude::*;
use shared::command::{KitchenBox, KitchenSheet};
use shared::kinds::RecordKind;
use shared::rule::kitchen::{EAT_WITHIN_HOURS, Size, Texture, on_box};
use shared::say;

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    Sheet,
    /// The number of their printing.
    Labels(u32),
}

/// What goes to the printer.
pub fn paper(screen: Screen, sheet: &KitchenSheet, paper: Paper) -> AnyView {
    match paper {
        Paper::Sheet => on_a4(screen, sheet),
        Paper::Labels(number) => labels(screen, sheet, number),
    }
}

/// 软食 · 小份
fn apart(one: &KitchenBox) -> Vec<&str> {
    let texture = (one.texture != Texture::Usual).then(|| one.texture.said());
    let size = (one.size != Size::Usual).then(|| one.size.said());
    texture.into_iter().chain(size).collect()
}

fn on_a4(screen: Screen, sheet: &KitchenSheet) -> AnyView {
    let (office, now) = screen.desk.status.with_untracked(|status| (status.office.clone(), status.now));
    let count = match sheet.counts.last() {
        Some(count) => say!(kitchen::frozen(count.number, &clock(count.made_at), &count.made_by, count.portions)),
        None => format!("{} · {}", say!(kitchen::NOT_FROZEN), say!(kitchen::closes(&clock(sheet.closes)))),
    };
    let stops: Vec<_> = stopped(sheet).iter().map(|one| one.order).collect();
    let special = sheet.boxes.iter().filter(|one| one.special).map(|one| {
        let clashes: Vec<String> = one.clashes.iter().map(|clash| say!(kitchen::clash(&clash.dish, &clash.stated))).collect();
        let what: Vec<&str> = apart(one).into_iter().chain(one.restrictions.iter().map(String::as_str)).collect();
        let mark = if stops.contains(&one.order) { "✕ " } else { "" };
        view! { <tr><td>{one.number.clone()}</td><td>{one.name.clone()}</td><td>{one.dish.clone()}</td><td class="wrap"><b>{what.join(" · ")}</b></td><td class="wrap">{mark}{clashes.join("；")}</td><td>{one.mode.said()}</td></tr> }
    });
    let special = special.collect_view();
    let since = sheet.differences.iter().map(|one| {
        view! { <tr><td>{became(one.change).2}</td><td>{one.name.clone()}" "{one.number.clone()}</td><td class="wrap">{one.was.clone()}</td><td class="wrap">{one.now.clone()}</td><td>{one.at.map(clock)}" "{one.by.clone()}</td></tr> }
    });
    let since = (!sheet.differences.is_empty()).then(|| {
        let heads = ["", say!(kitchen::WAS), say!(kitchen::NOW), say!(kitchen::BY_WHOM)];
        let [_, was, now, by] = heads;
        view! { <h2>{say!(kitchen::SINCE)}</h2><table><thead><tr><th></th><th>{field_said(RecordKind::Order, "elder_name")}</th><th>{was}</th><th>{now}</th><th>{by}</th></tr></thead><tbody>{since.collect_view()}</tbody></table> }
    });
    let of = |name| field_said(RecordKind::Order, name);
    view! {
        <section class="slip" data-testid="kitchen-paper" aria-hidden="true">
            <h1>{say!(kitchen::SHEET)}</h1>
            <p><b>{office}</b>"\u{2003}"{day_long(sheet.date)}" · "{sheet.meal.said()}"\u{2003}"{say!(kitchen::portions(sheet.boxes.len()))}</p>
            <p><b>{count}</b></p>
            {table(sheet, screen.spare.get_untracked())}
            <h2>{say!(kitchen::SPECIAL)}</h2>
            <table><thead><tr><th>{of("number")}</th><th>{of("elder_name")}</th><th>{of("dish")}</th><th>{field_said(RecordKind::Elder, "diet")}</th><th>{say!(kitchen::CLASHES)}</th><th>{of("mode")}</th></tr></thead><tbody>{special}</tbody></table>
            {since}
            <p>{say!(kitchen::SHEET_FOOT)}{say!(delivery::printed(&day_long(now.date()), &clock(now)))}</p>
        </section>
    }
    .into_any()
}

fn labels(screen: Screen, sheet: &KitchenSheet, number: u32) -> AnyView {
    let (office, now) = screen.desk.status.with_untracked(|status| (status.office.clone(), status.now));
    let before = say!(kitchen::eat_before(&clock(now.saturating_add(EAT_WITHIN_HOURS.hours()))));
    let again = (number > 1).then(|| say!(kitchen::reprint(number)));
    let day = format!("{} {}", day_short(sheet.date), sheet.meal.said());
    let label = |one: &KitchenBox| {
        let stop = one.stop.map_or_else(|| one.mode.said().to_owned(), |stop| say!(kitchen::stop(&one.route, stop)));
        let dish: Vec<&str> = std::iter::once(one.dish.as_str()).chain(apart(one)).collect();
        // Boxes that need nothing of their own are alike, and bear no name.
        let whose = one.special.then(|| format!("{} {}", one.number, on_box(&one.name)));
        let minded = (!one.restrictions.is_empty()).then(|| view! { <div class="minded">"! "{one.restrictions.join("、")}</div> });
        view! {
            <div class="label"><div class="label-head"><b>{whose}</b><span>{stop}</span></div><div class="dish">{dish.join(" · ")}</div>{minded}
                <div class="label-foot"><span>{day.clone()}" "{again.clone()}</span><span>{before.clone()}</span><span>{office.clone()}</span></div></div>
        }
    };
    view! { <section class="labels" data-testid="kitchen-labels" aria-hidden="true">{sheet.boxes.iter().map(label).collect_view()}</section> }.into_any()
}
