//! What the screens ask of the desk and what comes back. Ships with the app: screens and desk are
//! always of one version, so these types change freely. Commands travel as JSON by name, over the
//! window's own channel or over loopback.

use crate::money::Fen;
use crate::record::{Ability, Meal, Mode, NotDeliveredReason, OrderState, ReceivedBy, RecordId, Seen, Sex};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A command: its name on both carriers and the type of its answer.
pub trait Command: Serialize + DeserializeOwned {
    /// In snake case.
    const NAME: &'static str;
    /// What comes back when it goes well.
    type Reply: Serialize + DeserializeOwned + 'static;
}

/// What an act touched; screens that show it fetch again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Elders and bindings.
    Elders,
    /// Orders and receipts.
    Orders,
    /// Canteens, prices.
    Master,
    /// What is unsent, the last sync.
    Sync,
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident => $reply:ty = $text:literal { $($(#[$fdoc:meta])* $field:ident: $kind:ty),* $(,)? })+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// A page of the elders' list.
    ListElders => ElderPage = "list_elders" { text: String, village: Option<String>, delivery_only: bool, page: u32 }
    /// A new elder (no `elder`) or a changed one.
    SaveElder => RecordId = "save_elder" { elder: Option<RecordId>, form: ElderForm }
    /// The villages that this desk may choose from.
    Villages => Vec<DivisionName> = "villages" {}
    /// Takes an order by phone or at the counter.
    TakeOrder => OrderTaken = "take_order" { elder: Option<RecordId>, date: Option<Date>, meal: Option<Meal>, mode: Option<Mode>, dish: Option<String>, note: String, confirmed: bool, supplement_reason: String, platform_number: String }
    /// Moves an order to another state.
    SetOutcome => OrderState = "set_outcome" { order: Option<RecordId>, state: Option<OrderState>, reason: Option<NotDeliveredReason> }
    /// The board of a day: who eats what, what is due, what is unsent.
    Today => TodayBoard = "today" { date: Option<Date> }
    /// Writes or completes the receipt of an order and its outcome in one act.
    SaveReceipt => OrderState = "save_receipt" { order: Option<RecordId>, arrived_at: Option<DateTime>, state: Option<OrderState>, reason: Option<NotDeliveredReason>, received_by: Option<ReceivedBy>, seen: Option<Seen>, note: String, photos: Vec<String> }
    /// Takes a photo (handed over beforehand under `file`): turned, made small, stripped; gives its hash.
    KeepPhoto => PhotoKept = "keep_photo" { file: String }
    /// A stored photo as a data URL.
    PhotoData => String = "photo_data" { hash: String, thumbnail: bool }
    /// A page of the ledger.
    Ledger => LedgerPage = "ledger" { filter: LedgerFilter, page: u32 }
    /// One order with its receipt and its history.
    OrderDetail => OrderView = "order_detail" { order: Option<RecordId> }
    /// Writes the ledger as filtered into a workbook in the desk's export folder.
    ExportLedger => Exported = "export_ledger" { filter: LedgerFilter }
    /// Reads an office file (handed over beforehand) and says what an import would do.
    PreviewImport => ImportPreview = "preview_import" { file: String, file_name: String, mapping: Option<Vec<ColumnChoice>> }
    /// Does what the preview said.
    CommitImport => ImportDone = "commit_import" { file: String, file_name: String, mapping: Option<Vec<ColumnChoice>> }
    /// Writes the same sheet with a column of reasons and marked cells.
    ImportErrors => Exported = "import_errors" { file: String, file_name: String, mapping: Option<Vec<ColumnChoice>> }
    /// Takes a whole import back.
    UndoImport => UndoDone = "undo_import" { import: i64 }
    /// Imports of this desk, the latest first.
    ListImports => Vec<ImportEntry> = "list_imports" {}
    /// How far the running import, export or first sync is.
    Progress => Option<ProgressNow> = "progress" {}
    /// Changes the server did not take.
    RefusedChanges => Vec<RefusedEntry> = "refused_changes" {}
}

/// How the desk stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeskStatus {
    /// Whether the desk belongs to a server.
    pub enrolled: bool,
    /// 罗城街道长者饭堂, or the town's name at a township office.
    pub office: String,
    /// The code of the canteen; none at a township office.
    pub canteen: Option<String>,
    /// The division of the scope.
    pub division: String,
    /// The number that opens the order numbers.
    pub device_number: u32,
    /// The clock of the desk.
    pub now: DateTime,
    /// The meal an order is offered for now, and when it closes.
    pub next_meal: Option<NextMeal>,
    /// Whether the last contact went through.
    pub online: bool,
    /// A sync is under way.
    pub syncing: bool,
    /// Changes not yet at the server.
    pub unsent: u64,
    /// Photos not yet at the server.
    pub unsent_photos: u64,
    /// Changes the server did not take.
    pub refused: u64,
    /// The last sync that went through.
    pub last_sync: Option<DateTime>,
    /// Totals at both ends agreed at the last sync.
    pub agrees: Option<bool>,
    /// Deliveries of today that are still due, and those without a receipt.
    pub due: u32,
    /// Counts up with every change of the records here; a screen that sees another number fetches again.
    pub revision: u64,
    /// The settings.
    pub settings: Settings,
}

/// The meal that is offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextMeal {
    /// The day.
    pub date: Date,
    /// The meal.
    pub meal: Meal,
    /// When it closes.
    pub cut_off: DateTime,
}

/// What the desk remembers for its people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// 大字版
    pub large_type: bool,
    /// 高对比度
    pub high_contrast: bool,
    /// 经手人 on orders.
    pub operator: String,
    /// Address of the server.
    pub server: String,
}

/// What a sync did; the same as JSON for scripts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SyncReport {
    /// Changes that went up.
    pub pushed: u64,
    /// Changes that came down and were new here.
    pub pulled: u64,
    /// Changes the server did not take.
    pub refused: Vec<RefusedEntry>,
    /// Changes that still wait.
    pub unsent: u64,
    /// Both ends hold the same set of changes.
    pub agrees: bool,
    /// Time of the push, in milliseconds.
    pub push_ms: u64,
    /// Time of the pull, in milliseconds.
    pub pull_ms: u64,
    /// Bytes sent, bodies only.
    pub bytes_up: u64,
    /// Bytes received, bodies only.
    pub bytes_down: u64,
    /// Photos that went up.
    pub photos: u64,
}

/// A change set aside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RefusedEntry {
    /// Hash of the change, in hex.
    pub hash: String,
    /// 订单 12-0173, 长者 王桂英.
    pub title: String,
    /// Why, in Chinese.
    pub reason: String,
}

/// One elder in a list of hits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElderHit {
    /// The elder.
    pub id: RecordId,
    /// 姓名
    pub name: String,
    /// 性别
    pub sex: Option<Sex>,
    /// Years, today.
    pub age: Option<i16>,
    /// The village's short name.
    pub village: String,
    /// Last four of the ID number.
    pub id_tail: Option<String>,
    /// The phone, masked.
    pub phone: Option<String>,
    /// 需送餐
    pub delivery_need: bool,
    /// Number of an order that stands for the next meal.
    pub standing: Option<String>,
}

/// The file of an elder with what an order needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElderView {
    /// The line of the list.
    pub hit: ElderHit,
    /// The form as it stands, unmasked: for the counter's own elders.
    pub form: ElderForm,
    /// ID number, masked.
    pub id_number: Option<String>,
    /// 家属 phone, masked.
    pub emergency_phone: Option<String>,
    /// Full name of the village with its town.
    pub division: String,
    /// Name of the canteen and since when.
    pub binding: Option<(String, Option<Date>)>,
    /// The state of the file, in Chinese, when it is not in use.
    pub not_active: Option<String>,
    /// What was ordered last.
    pub recent: Vec<OrderLine>,
    /// What the order form starts with.
    pub defaults: OrderDefaults,
}

/// What the order form starts with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderDefaults {
    /// The day.
    pub date: Date,
    /// The meal.
    pub meal: Meal,
    /// How.
    pub mode: Mode,
    /// The dish ordered last, when it is still on the list.
    pub dish: Option<String>,
    /// 嘱咐 of the last order.
    pub note: String,
    /// What there is, by meal.
    pub dishes: Vec<Dish>,
}

/// A dish and its price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dish {
    /// The meal it belongs to.
    pub meal: Meal,
    /// 软饭
    pub name: String,
    /// 12.00
    pub price: Fen,
}

/// The form of an elder's file, as typed.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ElderForm {
    /// 姓名
    pub name: String,
    /// 身份证号, may be empty.
    pub id_number: String,
    /// 性别; follows from the ID number where there is one.
    pub sex: Option<Sex>,
    /// ISO date; follows from the ID number where there is one.
    pub birth_date: String,
    /// 电话, one or two.
    pub phone: String,
    /// 紧急联系人
    pub emergency_name: String,
    /// 紧急联系人电话
    pub emergency_phone: String,
    /// Village code.
    pub division: String,
    /// 住址
    pub address: String,
    /// 自理能力
    pub ability: Option<Ability>,
    /// 独居
    pub living_alone: bool,
    /// 送餐需求
    pub delivery_need: bool,
    /// 饮食禁忌
    pub diet: String,
    /// 备注
    pub note: String,
}

impl std::fmt::Debug for ElderForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ElderForm").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A page of elders.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ElderPage {
    /// At most fifty.
    pub rows: Vec<ElderHit>,
    /// All that fit.
    pub total: u64,
}

/// A division to choose from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DivisionName {
    /// The code.
    pub code: String,
    /// The short name.
    pub name: String,
    /// Pinyin initials, for typing.
    pub initials: String,
}

/// A saved order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderTaken {
    /// The order.
    pub id: RecordId,
    /// Its number.
    pub number: String,
}

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The order.
    pub id: RecordId,
    /// Its number.
    pub number: String,
    /// The elder.
    pub elder: RecordId,
    /// 姓名
    pub name: String,
    /// Village and address.
    pub address: String,
    /// The phone in full: the courier calls it.
    pub phone: String,
    /// 饮食禁忌
    pub diet: String,
    /// The day.
    pub date: Date,
    /// The meal.
    pub meal: Meal,
    /// How.
    pub mode: Mode,
    /// 餐品
    pub dish: String,
    /// 餐费
    pub price: Fen,
    /// 嘱咐
    pub note: String,
    /// Where it stands.
    pub state: OrderState,
    /// Since when.
    pub state_at: DateTime,
    /// Why not delivered.
    pub reason: Option<NotDeliveredReason>,
    /// When it was taken.
    pub taken_at: DateTime,
    /// 补录
    pub supplement: bool,
    /// The receipt, when there is one.
    pub receipt: Option<ReceiptLine>,
    /// It asks for a receipt and has none.
    pub receipt_missing: bool,
    /// Not yet at the server.
    pub unsent: bool,
}

/// A receipt in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// 送达时间
    pub arrived_at: DateTime,
    /// 记录时间
    pub recorded_at: DateTime,
    /// 谁收的
    pub received_by: Option<ReceivedBy>,
    /// 探访
    pub seen: Option<Seen>,
    /// 备注
    pub note: String,
    /// Hashes of the photos.
    pub photos: Vec<String>,
}

/// The board of a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TodayBoard {
    /// The day.
    pub date: Date,
    /// Per meal: how many, how they are got, how far they are.
    pub meals: Vec<MealCount>,
    /// All orders of the day, by meal, then due ones first, then by number.
    pub orders: Vec<OrderLine>,
}

/// The count of one meal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MealCount {
    /// The meal.
    pub meal: Meal,
    /// Orders that stand (not cancelled).
    pub total: u32,
    /// 自取
    pub pick_up: u32,
    /// 自行配送
    pub own_delivery: u32,
    /// 第三方
    pub third_party: u32,
    /// Ended well or not.
    pub ended: u32,
    /// 未送达
    pub not_delivered: u32,
    /// Receipts missing.
    pub receipts_missing: u32,
    /// By dish, the most first.
    pub dishes: Vec<(String, u32)>,
}

/// A kept photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhotoKept {
    /// SHA-256 of what is stored, hex.
    pub hash: String,
    /// A small picture as a data URL.
    pub thumbnail: String,
}

/// What the ledger shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LedgerFilter {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// One meal only.
    pub meal: Option<Meal>,
    /// One mode only.
    pub mode: Option<Mode>,
    /// One state only.
    pub state: Option<OrderState>,
    /// Only those without a receipt that ask for one.
    pub receipt_missing: bool,
    /// Name, number or pinyin initials.
    pub text: String,
}

/// A page of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LedgerPage {
    /// At most fifty.
    pub rows: Vec<OrderLine>,
    /// All that fit.
    pub total: u64,
    /// Their prices added up.
    pub amount: Fen,
}

/// One order with everything about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderView {
    /// The line.
    pub line: OrderLine,
    /// 经手人
    pub taken_by: String,
    /// 补录原因
    pub supplement_reason: String,
    /// 第三方订单号
    pub platform_number: String,
    /// What happened to it, oldest first.
    pub history: Vec<HistoryEntry>,
}

/// One change of a record in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When, by the device's clock.
    pub at: DateTime,
    /// 状态 已下单 → 已送达
    pub words: Vec<String>,
    /// Not yet at the server.
    pub unsent: bool,
}

/// A file written for the office.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exported {
    /// The file's name.
    pub file_name: String,
    /// Where it stands on this computer.
    pub path: String,
    /// Rows in it.
    pub rows: u64,
}

/// What a column of the file is taken for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnChoice {
    /// The column, from 0.
    pub column: u32,
    /// The elder's field by name; none to leave it out.
    pub field: Option<String>,
}

/// A column as found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FoundColumn {
    /// The column, from 0.
    pub column: u32,
    /// The word above it.
    pub header: String,
    /// What it is taken for.
    pub field: Option<String>,
    /// The first values in it.
    pub samples: Vec<String>,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// A new elder.
    New,
    /// A known elder with something new.
    Update,
    /// A known elder, nothing new.
    Same,
    /// Not taken; the reason stands beside it.
    Error,
}

impl Bucket {
    /// The word on screens.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::New => "新增",
            Self::Update => "更新",
            Self::Same => "不变",
            Self::Error => "有错",
        }
    }
}

/// A row of the file and what becomes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportRow {
    /// The row in the file, from 1.
    pub row: u32,
    /// What becomes of it.
    pub bucket: Bucket,
    /// A stable word for scripts: `bad_id`, `name_missing`, `field_kept`, …
    pub code: String,
    /// In Chinese: what is wrong, what changes, what the field keeps.
    pub message: String,
    /// 姓名, for the eye.
    pub name: String,
    /// Columns (from 0) that are wrong.
    #[serde(default)]
    pub columns: Vec<u32>,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// The sheet that was read.
    pub sheet: String,
    /// The row of the header, from 1.
    pub header_row: u32,
    /// The columns.
    pub columns: Vec<FoundColumn>,
    /// The fields a column may be taken for: name and label.
    pub fields: Vec<(String, String)>,
    /// Counts.
    pub new: u64,
    /// Counts.
    pub update: u64,
    /// Counts.
    pub same: u64,
    /// Counts.
    pub error: u64,
    /// Errors first, then updates, then the rest; at most two thousand on a screen.
    pub rows: Vec<ImportRow>,
    /// When the same file was imported before.
    pub same_file: Option<DateTime>,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportDone {
    /// Names the import for undoing it.
    pub import: i64,
    /// Counts.
    pub new: u64,
    /// Counts.
    pub update: u64,
    /// Counts.
    pub same: u64,
    /// Counts.
    pub error: u64,
    /// All rows.
    pub rows: Vec<ImportRow>,
}

/// What an undo did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UndoDone {
    /// Files taken back.
    pub withdrawn: u64,
    /// Files set back to what they were.
    pub restored: u64,
    /// Files that were used or changed since and stay, by name.
    pub kept: Vec<String>,
}

/// An import of the past.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportEntry {
    /// Its number.
    pub import: i64,
    /// The file.
    pub file_name: String,
    /// When.
    pub at: DateTime,
    /// Counts.
    pub new: u64,
    /// Counts.
    pub update: u64,
    /// Counts.
    pub same: u64,
    /// Counts.
    pub error: u64,
    /// When it was taken back.
    pub undone_at: Option<DateTime>,
}

/// How far a long act is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProgressNow {
    /// 正在读取名单
    pub label: String,
    /// Done.
    pub done: u64,
    /// Of so many; 0 while not known.
    pub total: u64,
}
