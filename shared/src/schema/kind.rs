//! What a kind of record is: its names, where its records are seen, who writes them, and its fields. Storage, admission,
//! merging, sealing, lists and forms follow from this; no kind stands here.

use super::{Field, Kept, Label, OnConflict, Purpose, SealedUnder};
use crate::kinds::{Level, RecordKind};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// Who may write a kind or a field: these, and all who stand above them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Author {
    /// Any desk, inside its scope.
    Desk,
    /// Desks of townships and above.
    Town,
    /// Desks of counties and above.
    County,
    /// The centre only; desks read it.
    Centre,
}

impl Author {
    /// Whether a desk of that level is among them.
    #[must_use]
    pub const fn has(self, level: Level) -> bool {
        match self {
            Self::Desk => true,
            Self::Town => !matches!(level, Level::Canteen),
            Self::County => matches!(level, Level::County | Level::City),
            Self::Centre => false,
        }
    }
}

/// Where records of a kind are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere: they name nobody. One that desks write names the place at which it stands, its canteen where it names one, and is written by who stands there or
    /// above.
    Everybody,
    /// At the canteen and in the division that its fields of these names say, and above; older programs place by them kinds unknown to them.
    Named,
    /// Where the record of that kind with the same id is seen.
    With(RecordKind),
    /// Nowhere: they never leave the server.
    Server,
}

/// The names of the fields that place a record.
pub const PLACING: [&str; 2] = ["canteen", "division"];

/// Where the id of a new record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFrom {
    /// It is made on the device, at random.
    New,
    /// It is that of a record of another kind, to which this one belongs.
    Kind(RecordKind),
    /// It follows from this field where that is filled, so that two offices that enter the same meet in one record.
    Field(&'static str),
}

/// What a kind's changes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Changes of a flat document, with a row in the kind's table.
    Document,
    /// Wrapped keys and tombstones (`shared::seal`): no document, no row.
    WrappedKeys,
}

/// How a desk lays the rows of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// By id.
    ById,
    /// As they came, under the place of their first change in the log, which saves an index where very many come.
    AsTheyCame,
}

/// A kind of record as declared.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// The code word on the wire; it names the table as well.
    pub code: &'static str,
    /// The number in a desk's log. It stays for good.
    pub number: u8,
    /// The word for people.
    pub title: Label,
    /// The fields that tell people which record it is: names parted by a space together, of names parted by `|` the first that says something.
    pub titled_by: &'static [&'static str],
    /// Where the id of a new one comes from.
    pub id: IdFrom,
    /// Where its records are seen.
    pub scope: Scope,
    /// Who may write it.
    pub author: Author,
    /// A canteen's desk may write records of its whole town, not only those at the canteen.
    pub of_the_town: bool,
    /// No desk changes what was written.
    pub written_once: bool,
    /// What its changes are.
    pub content: Content,
    /// How a desk lays its rows.
    pub layout: Layout,
    /// The fields of each index that a desk has over its rows.
    pub desk_indexes: &'static [&'static [&'static str]],
    /// The fields of each index that the server has over its rows.
    pub server_indexes: &'static [&'static [&'static str]],
    /// Why it speaks of persons, where a field says nothing else, and how long that is kept; `None` where it speaks of nobody.
    pub persons: Option<(Purpose, Kept)>,
    /// Its fields, in the order of the columns.
    pub fields: &'static [Field],
}

impl Kind {
    /// A kind that desks write, seen where its fields say.
    #[must_use]
    pub const fn new(code: &'static str, number: u8, title: Label, fields: &'static [Field]) -> Self {
        Self {
            code,
            number,
            title,
            titled_by: &["name"],
            id: IdFrom::New,
            scope: Scope::Named,
            author: Author::Desk,
            of_the_town: false,
            written_once: false,
            content: Content::Document,
            layout: Layout::ById,
            desk_indexes: &[],
            server_indexes: &[],
            persons: None,
            fields,
        }
    }

    /// The fields that tell people which record it is.
    #[must_use]
    pub const fn titled_by(self, titled_by: &'static [&'static str]) -> Self {
        Self { titled_by, ..self }
    }

    /// Where the id of a new one comes from.
    #[must_use]
    pub const fn id(self, id: IdFrom) -> Self {
        Self { id, ..self }
    }

    /// Where its records are seen.
    #[must_use]
    pub const fn scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// Who may write it.
    #[must_use]
    pub const fn author(self, author: Author) -> Self {
        Self { author, ..self }
    }

    /// A canteen's desk may write records of its whole town.
    #[must_use]
    pub const fn of_the_town(self) -> Self {
        Self { of_the_town: true, ..self }
    }

    /// No desk changes what was written.
    #[must_use]
    pub const fn written_once(self) -> Self {
        Self { written_once: true, ..self }
    }

    /// Its changes are wrapped keys.
    #[must_use]
    pub const fn wrapped_keys(self) -> Self {
        Self { content: Content::WrappedKeys, ..self }
    }

    /// Rows lie as they came.
    #[must_use]
    pub const fn as_they_came(self) -> Self {
        Self { layout: Layout::AsTheyCame, ..self }
    }

    /// A desk looks for its rows by these fields together, and by these; each index is paid for with every save.
    #[must_use]
    pub const fn desk_indexes(self, desk_indexes: &'static [&'static [&'static str]]) -> Self {
        Self { desk_indexes, ..self }
    }

    /// The server looks for its rows by these fields together, and by these.
    #[must_use]
    pub const fn server_indexes(self, server_indexes: &'static [&'static [&'static str]]) -> Self {
        Self { server_indexes, ..self }
    }

    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// What the field of that name is called; the title of the kind where it has none such, which is a slip of the program.
    #[must_use]
    pub fn label_of(&self, name: &str) -> Label {
        let field = self.field(name);
        debug_assert!(field.is_some(), "{} has no {name}", self.code);
        field.map_or(self.title, |field| field.label)
    }

    /// Whether its records are documents, each with a row in the kind's table.
    #[must_use]
    pub const fn has_row(&self) -> bool {
        matches!(self.content, Content::Document)
    }

    /// Whether its records are told to desks.
    #[must_use]
    pub const fn leaves_the_server(&self) -> bool {
        !matches!(self.scope, Scope::Server)
    }

    /// Whether people are asked about some of its fields.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.author != Author::Centre && self.fields.iter().any(|field| field.on_conflict == OnConflict::Asked)
    }

    /// Whether only the centre makes its records, though desks write in them.
    #[must_use]
    pub fn is_made_by_the_centre(&self) -> bool {
        self.author != Author::Centre && self.fields.iter().any(|field| field.required && field.author == Some(Author::Centre))
    }

    /// Its sealed fields.
    pub fn sealed(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| field.is_sealed())
    }

    /// The field by which its sealed fields find the owner of their key; `None` where it is the record itself, or nothing is sealed.
    #[must_use]
    pub fn key_owner(&self) -> Option<&'static str> {
        self.fields.iter().find_map(|field| if let Some(SealedUnder::Named(owner)) = field.sealed { Some(owner) } else { None })
    }

    /// Whether its records are the sites that the field `canteen` of others names by their `code`: it bears the name of that field.
    #[must_use]
    pub fn is_site(&self) -> bool {
        self.code == PLACING[0]
    }

    /// Tells one declaration from another as far as rows and conflicts follow: where it differs, the rows are made anew from the log.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(format!("{:?} {:?} {:?}", self.author, self.content, self.layout));
        for field in self.fields {
            let followed = (field.name, field.ty.column(), field.sealed, field.author, field.on_conflict, field.only_with);
            hash.update(format!(" {followed:?}{}", field.begins_with.unwrap_or_default()));
        }
        hex::encode(&hash.finalize()[..8])
    }
}

impl RecordKind {
    /// The kind whose records are the keys of others, under the ids of these. There is one: whose they are is not told by an id.
    pub const KEYS: Self = {
        let mut at = 0;
        while !matches!(Self::ALL[at].declared().content, Content::WrappedKeys) {
            at += 1;
        }
        Self::ALL[at]
    };

    /// The kinds whose records are seen where the record of this kind with the same id is.
    pub fn seen_with(self) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |kind| kind.scope == Scope::With(self))
    }
}

/// The digests of all declarations, by code word.
#[must_use]
pub fn digests() -> BTreeMap<String, String> {
    RecordKind::ALL.iter().map(|kind| (kind.code().to_owned(), kind.digest())).collect()
}

/// Begins the names under which a server keeps what does not count.
const SET_ASIDE: &str = "x_";

/// The longest code word of a kind.
pub const MAX_CODE: usize = 24;

/// The code word of a kind that this program does not know: lower-case letters, digits and `_`, at most [`MAX_CODE`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindCode([u8; MAX_CODE]);

impl KindCode {
    fn of(code: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let mut bytes = [0; MAX_CODE];
        bytes.get_mut(..code.len())?.copy_from_slice(code.as_bytes());
        (!code.is_empty() && code.bytes().all(plain)).then_some(Self(bytes))
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(self.0.split(|byte| *byte == 0).next().unwrap_or_default()).unwrap_or_default()
    }
}

/// A kind as logs, feeds and messages name it: one that this program knows, or one that it keeps and passes on for others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KindId {
    /// A declared kind.
    Known(RecordKind),
    /// A kind of another version of the program.
    Open(KindCode),
}

impl KindId {
    /// The kind of a code word; `None` where the text is none.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        match RecordKind::of_code(code) {
            Some(kind) => Some(Self::Known(kind)),
            None => KindCode::of(code).map(Self::Open),
        }
    }

    /// A code word as a program takes it that does not know the kind.
    #[must_use]
    pub fn unknown(code: &str) -> Option<Self> {
        KindCode::of(code).map(Self::Open)
    }

    /// The code word.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Known(kind) => kind.code(),
            Self::Open(code) => code.as_str(),
        }
    }

    /// The name under which a server keeps changes of this kind that do not count: they are seen nowhere, and no desk writes them.
    #[must_use]
    pub fn set_aside(&self) -> String {
        format!("{SET_ASIDE}{}", self.code())
    }

    /// Whether changes under this name do not count.
    #[must_use]
    pub fn is_set_aside(&self) -> bool {
        self.code().starts_with(SET_ASIDE)
    }

    /// The declared kind; `None` where this program does not know it.
    #[must_use]
    pub const fn known(self) -> Option<RecordKind> {
        match self {
            Self::Known(kind) => Some(kind),
            Self::Open(_) => None,
        }
    }

    /// The declared kind whose records are documents with a row.
    #[must_use]
    pub fn with_row(self) -> Option<RecordKind> {
        self.known().filter(|kind| kind.has_row())
    }
}

impl From<RecordKind> for KindId {
    fn from(kind: RecordKind) -> Self {
        Self::Known(kind)
    }
}

impl PartialEq<RecordKind> for KindId {
    fn eq(&self, kind: &RecordKind) -> bool {
        *self == Self::Known(*kind)
    }
}

impl fmt::Debug for KindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for KindCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::FieldType;

    #[test]
    fn a_code_word_is_a_known_kind_an_open_one_or_none() {
        assert_eq!(KindId::of_code("meal_order"), Some(KindId::Known(RecordKind::Order)));
        let open = KindId::of_code("menu_of_2031").unwrap();
        assert_eq!((open.code(), open.known(), open.with_row()), ("menu_of_2031", None, None));
        let aside = KindId::of_code(&open.set_aside()).unwrap();
        assert!(aside.is_set_aside() && !open.is_set_aside() && RecordKind::ALL.iter().all(|kind| !KindId::Known(*kind).is_set_aside()));
        // A declared kind's name is short enough to be set aside: a longer one could not be read back from the log.
        for kind in RecordKind::ALL {
            assert!(KindId::of_code(&KindId::Known(*kind).set_aside()).is_some_and(|aside| aside.is_set_aside()), "{}", kind.code());
        }
        let longest = "a".repeat(MAX_CODE);
        assert_eq!(KindId::of_code(&longest).unwrap().code(), longest);
        for wrong in ["", "Menu", "菜单", "a b", "a\0", "a'; --", &"a".repeat(MAX_CODE + 1)] {
            assert_eq!(KindId::of_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_kind_is_that_of_sites_and_one_that_of_keys() {
        let sites: Vec<_> = RecordKind::ALL.iter().filter(|kind| kind.is_site()).collect();
        let [site] = sites[..] else { panic!("{sites:?}") };
        let place = [site.field("code").map(|code| code.key), site.field("division").map(|division| division.ty == FieldType::Division)];
        assert_eq!((site.scope, place), (Scope::Everybody, [Some(true); 2]));
        assert_eq!(RecordKind::ALL.iter().filter(|kind| kind.content == Content::WrappedKeys).count(), 1);
        let Scope::With(owner) = RecordKind::KEYS.scope else { panic!("keys are seen with their owner") };
        assert!(owner.seen_with().eq([RecordKind::KEYS]));
    }

    #[test]
    fn who_stands_above_may_write_too() {
        let levels = [Level::Canteen, Level::Town, Level::County, Level::City];
        let may = |author: Author| levels.map(|level| author.has(level));
        assert_eq!(may(Author::Desk), [true; 4]);
        assert_eq!(may(Author::Town), [false, true, true, true]);
        assert_eq!(may(Author::County), [false, false, true, true]);
        assert_eq!(may(Author::Centre), [false; 4]);
    }
}
