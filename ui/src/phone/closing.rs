//! What happened at the door: the outcome with its reason, the photo, the time, and whether the elder was seen.

use super::stops::Stops;
use super::wire::{KeepPhoto, SaveReceipt, Stop, clock, day};
use crate::backend;
use crate::form::receipt::{FormPhoto, Outcome};
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{PhotoData, PhotoKept};
use shared::fault::Fault;
use shared::kinds::Seen;
use shared::rule::receipt::MAX_PHOTOS;
use shared::say;

/// What is written down about one stop.
#[derive(Clone, Debug, PartialEq)]
struct DoorForm {
    order: String,
    day: String,
    arrived: String,
    outcome: Outcome,
    seen: Option<Seen>,
    note: String,
    photos: Vec<FormPhoto>,
}

impl DoorForm {
    /// What a stop starts with: now, received by the elder, seen and well; or what was written.
    fn new(line: &Stop, now: &str) -> Self {
        let receipt = line.receipt.as_ref();
        let at = receipt.map_or(now, |receipt| &receipt.arrived_at);
        let kept = |hash: &String| FormPhoto { hash: hash.clone(), thumbnail: String::new() };
        Self {
            order: line.id.clone(),
            day: day(at).to_owned(),
            arrived: clock(at).to_owned(),
            outcome: Outcome::of(line.state, receipt.and_then(|receipt| receipt.received_by), line.reason).unwrap_or(Outcome::Elder),
            seen: receipt.map_or(Some(Seen::Well), |receipt| receipt.seen),
            note: receipt.map(|receipt| receipt.note.clone()).unwrap_or_default(),
            photos: receipt.map(|receipt| receipt.photos.iter().map(kept).collect()).unwrap_or_default(),
        }
    }

    fn choose(&mut self, outcome: Outcome) {
        (self.outcome, self.seen) = (outcome, outcome.seen(self.seen));
    }

    /// The command, or what is still missing.
    fn ready(&self) -> Result<SaveReceipt, String> {
        if self.arrived.len() != 5 {
            return Err(say!(receipt::ARRIVAL_MISSING).to_owned());
        }
        if self.photos.len() > MAX_PHOTOS {
            return Err(say!(receipt::photos_at_most(MAX_PHOTOS)));
        }
        Ok(SaveReceipt {
            order: self.order.clone(),
            arrived_at: format!("{}T{}:00", self.day, self.arrived),
            state: Some(self.outcome.state()),
            reason: self.outcome.reason(),
            received_by: self.outcome.received_by(),
            seen: self.seen,
            note: self.note.trim().to_owned(),
            photos: self.photos.iter().map(|photo| photo.hash.clone()).collect(),
        })
    }
}

/// The signals of one stop; copied freely.
#[derive(Clone, Copy, Debug)]
struct Door {
    stops: Stops,
    form: RwSignal<DoorForm>,
    problem: RwSignal<Option<String>>,
    fault: RwSignal<Option<Fault>>,
    saving: RwSignal<bool>,
    /// Photos under way to the desk.
    coming: RwSignal<u32>,
}

impl Door {
    fn update(self, act: impl Fn(&mut DoorForm)) {
        // The stop may have been left while a photo was on its way.
        self.form.try_update(|form| act(form));
        self.problem.try_set(None);
    }

    /// Fetches the small picture of a photo that was kept before.
    fn thumbnail(self, hash: String) {
        spawn_local(async move {
            if let Ok(picture) = backend::call(&PhotoData { hash: hash.clone(), thumbnail: true }).await {
                self.update(|form| {
                    form.photos.iter_mut().filter(|photo| photo.hash == hash).for_each(|photo| photo.thumbnail.clone_from(&picture))
                });
            }
        });
    }

    fn take_photos(self, files: Vec<web_sys::File>) {
        let order = self.form.with_untracked(|form| form.order.clone());
        self.coming.update(|count| *count += u32::try_from(files.len()).unwrap_or(0));
        spawn_local(async move {
            for file in files {
                let kept = keep(&file, &order).await;
                self.coming.try_update(|count| *count = count.saturating_sub(1));
                match kept {
                    Ok(kept) => {
                        self.update(|form| {
                            if form.photos.iter().all(|photo| photo.hash != kept.hash) {
                                form.photos.push(FormPhoto { hash: kept.hash.clone(), thumbnail: kept.thumbnail.clone() });
                            }
                        });
                        kept.note.iter().for_each(|note| self.stops.notes.bad(note));
                    }
                    Err(fault) => drop(self.fault.try_set(Some(fault))),
                }
            }
        });
    }

    fn save(self, name: String) {
        if self.saving.get_untracked() {
            return;
        }
        if self.coming.get_untracked() > 0 {
            return self.problem.set(Some(say!(receipt::PHOTOS_STILL_COMING).to_owned()));
        }
        let ask = match self.form.with_untracked(DoorForm::ready) {
            Ok(ask) => ask,
            Err(words) => return self.problem.set(Some(words)),
        };
        self.saving.set(true);
        spawn_local(async move {
            let saved = backend::call(&ask).await;
            self.saving.try_set(false);
            match saved {
                Ok(state) => {
                    self.stops.notes.good(say!(receipt::saved(&name, state.said())));
                    self.stops.open.set(None);
                    self.stops.refresh();
                }
                Err(fault) => drop(self.fault.try_set(Some(fault))),
            }
        });
    }
}

async fn keep(file: &web_sys::File, order: &str) -> Result<PhotoKept, Fault> {
    backend::call(&KeepPhoto { file: backend::hand_over(file).await?, order: order.to_owned() }).await
}

#[component]
pub fn Closing(stops: Stops, line: Stop) -> impl IntoView {
    let form = DoorForm::new(&line, &stops.now());
    let kept: Vec<String> = form.photos.iter().map(|photo| photo.hash.clone()).collect();
    let door = Door {
        stops,
        form: RwSignal::new(form),
        problem: RwSignal::new(None),
        fault: RwSignal::new(None),
        saving: RwSignal::new(false),
        coming: RwSignal::new(0),
    };
    kept.into_iter().for_each(|hash| door.thumbnail(hash));
    window().scroll_to_with_x_and_y(0.0, 0.0);
    let name = line.name.clone();
    view! {
        <section class="closing">
            <button type="button" class="btn" data-testid="phone-back" on:click=move |_| stops.open.set(None)>{say!(delivery::BACK_TO_STOPS)}</button>
            <h2 class="closing-who">{line.name}<span class="muted">{line.address}</span></h2>
            <FaultBanner fault=door.fault/>
            <h3>{say!(receipt::OUTCOME)}</h3>
            <Outcomes door/>
            <h3>{say!(photo::PHOTOS)}</h3>
            <Photos door/>
            <h3>{say!(receipt::ELDER_SEEN)}</h3>
            <div class="choices" role="radiogroup" aria-label=say!(receipt::ELDER_SEEN)>
                {Seen::ALL.iter().map(|seen| {
                    let on = move || door.form.with(|form| form.seen == Some(*seen));
                    view! { <button type="button" class="btn" class:on=on role="radio" aria-checked=move || on().to_string() on:click=move |_| door.update(|form| form.seen = Some(*seen))>{seen.said()}</button> }
                }).collect_view()}
            </div>
            <label class="f wide"><span>{say!(receipt::ARRIVED_AT)}</span><div><input type="time" data-testid="phone-arrived" prop:value=move || door.form.with(|form| form.arrived.clone())
                on:input:target=move |event| { let text = event.target().value(); door.update(|form| form.arrived.clone_from(&text)); }/></div></label>
            <label class="f wide"><span>{say!(receipt::NOTE)}</span><input data-testid="phone-note" autocomplete="off" placeholder=say!(receipt::NOTE_IF_ANY) prop:value=move || door.form.with(|form| form.note.clone())
                on:input:target=move |event| { let text = event.target().value(); door.update(|form| form.note.clone_from(&text)); }/></label>
            {move || door.problem.get().map(|words| view! { <em class="problem" role="alert">{words}</em> })}
            <button type="button" class="btn go" data-testid="phone-save" disabled=move || door.saving.get() on:click=move |_| door.save(name.clone())>{say!(receipt::SAVE)}</button>
        </section>
    }
}

#[component]
fn Outcomes(door: Door) -> impl IntoView {
    let button = move |outcome: Outcome| {
        let on = move || door.form.with(|form| form.outcome == outcome);
        let test = format!("phone-outcome-{}", outcome.label().zh);
        view! { <button type="button" class="btn" class:on=on role="radio" aria-checked=move || on().to_string() data-testid=test on:click=move |_| door.update(|form| form.choose(outcome))>{outcome.said()}</button> }
    };
    view! { <div class="choices" role="radiogroup" aria-label=say!(receipt::OUTCOME)>{Outcome::DIGITS.into_iter().chain(Outcome::OTHERS).map(button).collect_view()}</div> }
}

#[component]
fn Photos(door: Door) -> impl IntoView {
    let thumbs = move || {
        door.form.get().photos.into_iter().map(|photo| {
            let FormPhoto { hash, thumbnail } = photo;
            view! {
                <div class="thumb" data-testid="photo-kept">
                    {(!thumbnail.is_empty()).then(|| view! { <img src=thumbnail alt=say!(receipt::PHOTO_OF_IT)/> })}
                    <button type="button" class="drop-photo" aria-label=say!(receipt::REMOVE_PHOTO) on:click=move |_| door.update(|form| form.photos.retain(|photo| photo.hash != hash))><Draw icon=Icon::Cross/></button>
                </div>
            }
        }).collect_view()
    };
    view! {
        <label class="btn block camera"><Draw icon=Icon::Camera/>{say!(photo::TAKE)}
            <input type="file" class="hidden-file" data-testid="phone-photo" accept="image/*" capture="environment"
                on:change:target=move |event| { let input = event.target(); door.take_photos(crate::kit::files::of(input.files())); input.set_value(""); }/></label>
        <div class="thumbs">{thumbs}{move || (door.coming.get() > 0).then(|| view! { <span class="muted" role="status">{say!(receipt::PREPARING_PHOTOS)}</span> })}</div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::kinds::{Meal, Mode, NotDeliveredReason, OrderState, ReceivedBy};

    fn stop() -> Stop {
        Stop {
            id: "a".into(),
            number: "12-0173".into(),
            name: "陈少芳".into(),
            address: String::new(),
            phone: String::new(),
            diet: String::new(),
            meal: Meal::Lunch,
            mode: Mode::OwnDelivery,
            dish: String::new(),
            note: String::new(),
            state: OrderState::Out,
            state_at: "2026-11-22T11:00:00".into(),
            reason: None,
            receipt: None,
            receipt_missing: false,
        }
    }

    #[test]
    fn a_stop_starts_as_a_good_delivery_now_and_says_why_it_was_none() {
        let mut form = DoorForm::new(&stop(), "2026-11-22T11:58:07");
        let ask = form.ready().unwrap_or_default();
        assert_eq!(
            (ask.arrived_at.as_str(), ask.state, ask.received_by),
            ("2026-11-22T11:58:00", Some(OrderState::Delivered), Some(ReceivedBy::Elder))
        );
        form.choose(Outcome::Missed(NotDeliveredReason::NobodyHome));
        let ask = form.ready().unwrap_or_default();
        assert_eq!(
            (ask.state, ask.reason, ask.seen),
            (Some(OrderState::NotDelivered), Some(NotDeliveredReason::NobodyHome), Some(Seen::Unseen))
        );
        form.arrived.clear();
        assert!(form.ready().is_err(), "without a time nothing is saved");
    }
}
