//! What the screens ask of the desk and what comes back. Ships with the app: screens and desk are
//! always of one version, so these types change freely. Commands travel as JSON by name, over the
//! window's own channel or over loopback.

mod conflict;
mod elder;
mod import;
mod kitchen;
mod menu;
mod order;
mod run;
mod staff;
mod standing;
mod status;

pub use conflict::*;
pub use elder::*;
pub use import::*;
pub use kitchen::*;
pub use menu::*;
pub use order::*;
pub use run::*;
pub use staff::*;
pub use standing::*;
pub use status::*;

use crate::form::Draft;
use crate::kinds::{DisclosureReason, Meal, Mode, NotDeliveredReason, OrderState, ReceivedBy, RecordKind, Seen};
use crate::list::{ListPage, ListRecord};
use crate::rule::standing::PlanGroup;
use crate::schema::RecordId;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What is asked of a list: the words of its filters by name, `sort` and `page`.
pub type ListWords = std::collections::BTreeMap<String, String>;

/// Something to choose in a field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Choice {
    /// What then stands in the field: a code, or the id of a record.
    pub value: String,
    /// What it is called.
    pub words: String,
}

/// A command: its name on both carriers and the type of its answer.
pub trait Command: Serialize + DeserializeOwned {
    /// In snake case.
    const NAME: &'static str;
    /// What comes back when it goes well.
    type Reply: Serialize + DeserializeOwned + 'static;
}

/// A command as scripts are told of it.
#[cfg(feature = "schema")]
#[derive(Clone, Copy, Debug)]
pub struct CommandShape {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// The shape of what is asked.
    pub ask: fn() -> schemars::Schema,
    /// The shape of the answer.
    pub reply: fn() -> schemars::Schema,
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident => $reply:ty = $text:literal { $($(#[$fdoc:meta])* $field:ident: $kind:ty),* $(,)? })+) => {
        /// Every command, in the order of the declaration.
        #[cfg(feature = "schema")]
        pub const COMMANDS: &[CommandShape] = &[$(CommandShape {
            name: $text,
            about: concat!($($doc),+),
            ask: || schemars::schema_for!($name),
            reply: || schemars::schema_for!($reply),
        }),+];
        $(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default)]
        pub struct $name { $($(#[$fdoc])* pub $field: $kind),* }
        impl Command for $name {
            const NAME: &'static str = $text;
            type Reply = $reply;
        }
    )+ };
}

commands! {
    /// Who and where this desk is, and how sync stands. Asked every few seconds.
    Status => DeskStatus = "status" {}
    /// Who may sign in at this desk, by name.
    People => Vec<Person> = "people" {}
    /// Signs in, in the place of whoever was; `new_pin` chooses a PIN, the first or another one.
    SignIn => DeskStatus = "sign_in" { person: Option<RecordId>, pin: String, new_pin: String }
    /// Locks the desk: nothing is shown or done until somebody signs in.
    Lock => () = "lock" {}
    /// Somebody is at work: a desk at which nobody is locks itself.
    Stir => () = "stir" {}
    /// Makes somebody's PIN void; for some days another may be chosen.
    ResetPin => () = "reset_pin" { person: Option<RecordId> }
    /// Enrols this desk at a server by a one-time code, then syncs.
    Enrol => DeskStatus = "enrol" { server: String, code: String, device_name: String }
    /// Syncs now, whatever the back-off says.
    SyncNow => SyncReport = "sync_now" {}
    /// Changes the settings.
    SaveSettings => Settings = "save_settings" { settings: Settings }
    /// Elders by name, pinyin initials, phone or ID tail; an empty text gives the latest served.
    FindElders => Vec<ElderHit> = "find_elders" { text: String, limit: u32 }
    /// The file of one elder with what an order needs.
    ElderCard => ElderView = "elder_card" { elder: Option<RecordId> }
    /// A page of a list by its name (`orders`, `elders` …), narrowed by the words of its filters, as in an address: `from`, `meal`, `text`, `sort`, `page` …
    List => ListPage = "list" { list: String, words: ListWords }
    /// One record of a list: its row with all columns, its photos, and what happened to it.
    Get => ListRecord = "get" { list: String, record: Option<RecordId> }
    /// Makes a record by the form of a list (no `record`) or changes one. `draft` holds what was typed, by field; fields that it does not name stay as they are.
    Save => RecordId = "save" { list: String, record: Option<RecordId>, draft: Draft }
    /// What can be chosen in a field of a list's form: canteens, divisions, records. At most two hundred, narrowed by a text.
    Choices => Vec<Choice> = "choices" { list: String, field: String, text: String }
    /// What happened to a record, oldest first.
    History => Vec<TimelineEntry> = "history" { list: String, record: Option<RecordId> }
    /// Writes a list as narrowed into a workbook in the desk's export folder. Numbers and health are masked; with `full` they are not, and a reason is asked for; above the measure of a day a `second` person agrees by their PIN.
    Export => Exported = "export" { list: String, words: ListWords, full: bool, reason: Option<DisclosureReason>, note: String, second: Option<SignIn> }
    /// The numbers of an elder in full, for a reason; it is noted.
    Reveal => Revealed = "reveal" { elder: Option<RecordId>, reason: Option<DisclosureReason>, note: String, second: Option<SignIn> }
    /// A new elder (no `elder`) or a changed one.
    SaveElder => RecordId = "save_elder" { elder: Option<RecordId>, form: ElderForm }
    /// 改派: binds an elder to another canteen from today; gives all bindings, the latest first.
    MoveElder => Vec<BindingRow> = "move_elder" { elder: Option<RecordId>, canteen: String }
    /// The canteens that this desk may send elders to.
    Canteens => Vec<CanteenName> = "canteens" {}
    /// The villages that this desk may choose from.
    Villages => Vec<DivisionName> = "villages" {}
    /// What a division is called; the screens do not carry the whole list.
    NameOfDivision => String = "name_of_division" { code: String }
    /// Takes an order by phone or at the counter.
    TakeOrder => OrderTaken = "take_order" { elder: Option<RecordId>, date: Option<Date>, meal: Option<Meal>, mode: Option<Mode>, dish: Option<String>, note: String, confirmed: bool, supplement_reason: String, platform_number: String }
    /// What an elder eats by standing meals, named by the elder or by one of her standing meals; a meal without one comes as one would begin.
    StandingOf => StandingOfElder = "standing_of" { elder: Option<RecordId>, record: Option<RecordId> }
    /// Enters a standing meal or changes it: days of the week, pause, last day. Where that changes orders that stand, it says which and does nothing until it is `confirmed`.
    SaveStanding => StandingSaved = "save_standing" { elder: Option<RecordId>, meal: Option<Meal>, draft: Draft, confirmed: bool }
    /// Orders for many days or many elders in one go (月刷代点餐), or as on another day (`of_day`): says what would be made and for whom nothing is; with `commit` it is.
    PlanOrders => OrderPlan = "plan_orders" { elders: Vec<RecordId>, group: Option<PlanGroup>, of_day: Option<Date>, days: Vec<Date>, meal: Option<Meal>, mode: Option<Mode>, dish: Option<String>, note: String, commit: bool }
    /// Takes back the orders of a batch that nobody has begun to prepare: says how many, and with `confirmed` it is done.
    UndoBatch => BatchUndone = "undo_batch" { batch: Option<RecordId>, confirmed: bool }
    /// 备餐单 of a meal: how many of what, box by box in packing order, what changed since the count was frozen, what clashes, which samples are due. Without a day and a meal, the next that is cooked.
    Kitchen => KitchenSheet = "kitchen" { date: Option<Date>, meal: Option<Meal> }
    /// 定份: freezes the count of a meal as it stands, with so many of a hundred cooked beyond it. It is kept; later changes are told as differences from it.
    FreezeCount => KitchenFrozen = "freeze_count" { date: Option<Date>, meal: Option<Meal>, spare_percent: u32 }
    /// Gives the labels of a meal that are about to be printed their number: a label that is printed anew says so.
    NumberLabels => u32 = "number_labels" { date: Option<Date>, meal: Option<Meal> }
    /// The days from one to another of which the calendar of working days speaks at a canteen (at a canteen's desk its own), with the orders that stand where it rests.
    Calendar => Vec<DaySaid> = "calendar" { canteen: String, from: Option<Date>, to: Option<Date> }
    /// The menu of the week of a day at a canteen.
    MenuWeek => WeekMenu = "menu_week" { canteen: String, day: Option<Date> }
    /// Dishes that a canteen offers, by name, pinyin or initials; an empty text gives all.
    FindMenuItems => Vec<MenuDish> = "find_menu_items" { canteen: String, text: String, limit: u32 }
    /// Puts a dish on the menu of a meal, or takes it `off`.
    ChangeMenu => () = "change_menu" { canteen: String, date: Option<Date>, meal: Option<Meal>, item: Option<RecordId>, off: bool }
    /// Publishes the menus of some days, but of those on which the canteen rests; gives how many dishes.
    PublishMenu => u32 = "publish_menu" { canteen: String, days: Vec<Date> }
    /// Copies the menu of the week of a day (`of`) to that of another one: says what it would do; with `commit` it is done.
    CopyMenu => MenuCopy = "copy_menu" { canteen: String, of: Option<Date>, to: Option<Date>, commit: bool }
    /// Moves an order to another state.
    SetOutcome => OrderState = "set_outcome" { order: Option<RecordId>, state: Option<OrderState>, reason: Option<NotDeliveredReason> }
    /// The board of a day: who eats what, what is due, what is unsent.
    Today => TodayBoard = "today" { date: Option<Date> }
    /// The orders this desk took last, the latest first.
    LatestOrders => Vec<OrderSummary> = "latest_orders" { limit: u32 }
    /// Puts the stop of an order elsewhere in its run: the orders as they are driven now, the `moved` one among them.
    MoveStop => () = "move_stop" { orders: Vec<RecordId>, moved: Option<RecordId> }
    /// Puts the stop of an order on a route, with all stops of its village (`village`); without a route it lies where its neighbours do. Gives how many stops.
    PutOnRoute => u32 = "put_on_route" { order: Option<RecordId>, route: Option<RecordId>, village: bool }
    /// 出餐交接: hands the boxes of a run to whoever brings them: all its orders that were not handed over before. They are on the way from then on.
    HandOver => HandedOver = "hand_over" { date: Option<Date>, meal: Option<Meal>, route: Option<RecordId>, boxes: u32, taken_by: String, note: String }
    /// Writes or completes the receipt of an order and its outcome in one act.
    SaveReceipt => OrderState = "save_receipt" { order: Option<RecordId>, arrived_at: Option<DateTime>, state: Option<OrderState>, reason: Option<NotDeliveredReason>, received_by: Option<ReceivedBy>, seen: Option<Seen>, note: String, photos: Vec<String> }
    /// Takes a photo of an order (handed over beforehand under `file`): turned, made small, stripped, sealed; gives its hash.
    KeepPhoto => PhotoKept = "keep_photo" { file: String, order: Option<RecordId> }
    /// A stored photo as a data URL.
    PhotoData => String = "photo_data" { hash: String, thumbnail: bool }
    /// One order with its receipt and its history.
    OrderDetail => OrderView = "order_detail" { order: Option<RecordId> }
    /// Reads an office file (handed over beforehand) and says what an import would do.
    PreviewImport => ImportPreview = "preview_import" { file: String, file_name: String, mapping: Option<Vec<ListChoice>> }
    /// Does what the preview said.
    CommitImport => ImportDone = "commit_import" { file: String, file_name: String, mapping: Option<Vec<ListChoice>> }
    /// Writes the same sheet with a column of reasons and marked cells.
    ImportErrors => Exported = "import_errors" { file: String, file_name: String, mapping: Option<Vec<ListChoice>> }
    /// Takes a whole import back.
    UndoImport => UndoDone = "undo_import" { import: i64 }
    /// Imports of this desk, the latest first.
    ListImports => Vec<ImportEntry> = "list_imports" {}
    /// How far the running import, export or first sync is.
    Progress => Option<ProgressNow> = "progress" {}
    /// Changes the server did not take.
    RefusedChanges => Vec<RefusedEntry> = "refused_changes" {}
    /// A page of what was said differently in two places and waits for a person.
    Conflicts => ConflictPage = "conflicts" { page: u32 }
    /// Decides one of them; `stands` is that of the line as it was shown.
    Decide => () = "decide" { kind: Option<RecordKind>, record: Option<RecordId>, field: String, choice: String, stands: String }
}
