//! What a field says of natural persons: how close it comes to them, for what it is needed, how long it is kept, and why it is open where it is
//! not sealed. The lists are closed; their sentences and legal bases stand here and nowhere else. The data dictionary follows from them.

use super::{Field, FieldType, Kind, Label};

/// An entry of one of these lists in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its word in tables.
    pub word: Label,
    /// What it means, in a sentence.
    pub meaning: Label,
}

macro_rules! entries {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $zh:literal $en:literal: $zhs:literal $ens:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// In words.
            #[must_use]
            pub const fn entry(self) -> Entry {
                match self { $(Self::$variant => Entry { word: Label::new($zh, $en), meaning: Label::new($zhs, $ens) }),+ }
            }
        }
    };
}

entries! {
    /// How close a field comes to a person.
    Class {
        /// Names them.
        Identifying = "身份" "identifying": "指明是哪一个人：姓名、证件号码、出生日期，或者代替它们的编号" "says who it is: a name, an ID number, a date of birth, or a number that stands for them",
        /// Reaches them.
        Contact = "联系" "contact": "凭它可以找到本人或家属：电话" "reaches the person or the family: a telephone number",
        /// Their health.
        Health = "健康" "health": "健康状况，或者多半会写到健康状况的文字；敏感个人信息" "health, or free text that tends to speak of it; sensitive personal information",
        /// Their family.
        Family = "家庭" "family": "家庭情况和家人" "the household and the relatives",
        /// Where they are.
        Location = "住处" "location": "住在哪里" "where they live",
        /// What they look like.
        Picture = "影像" "picture": "拍到本人、家人或住处的照片；敏感个人信息" "photos of the person, the family or the home; sensitive personal information",
        /// Their money.
        Money = "钱款" "money": "收费、补贴的金额" "what is paid and subsidised",
        /// What else concerns a person.
        Other = "其他" "other": "与某个人有关的其他情况：何时用餐、怎么取餐、由谁经手" "what else concerns a person: when they eat, how the meal comes",
        /// What concerns nobody, in a kind that speaks of persons.
        Nobody = "无关" "nobody": "不涉及个人" "concerns nobody",
    }
}

impl Class {
    /// Whether such a field is sealed, or says why it is open.
    #[must_use]
    pub const fn is_guarded(self) -> bool {
        !matches!(self, Self::Money | Self::Other | Self::Nobody)
    }
}

entries! {
    /// For what a field is needed.
    Purpose {
        /// Meals.
        Meals = "供餐" "meals": "知道为谁服务，接受订餐，把餐送到" "to know who is served, to take orders and to bring meals",
        /// Who may be served.
        Eligibility = "资格" "eligibility": "核对是不是服务对象、享受哪一档补贴，避免同一人建两份档案" "to tell who may be served and subsidised, and to keep one file a person",
        /// Looking after them.
        Care = "探访" "care": "送餐时看望老人，有异常时跟进" "to look after the elder when a meal is brought, and to follow up a concern",
        /// When something happens.
        Emergency = "应急" "emergency": "出事时通知家人" "to tell the family when something happens",
        /// Accounting for public money.
        Settlement = "结算" "settlement": "结算餐费和补贴，接受审计" "to settle meals and subsidies, and to be audited",
        /// Who did it.
        Accountability = "追溯" "accountability": "查清一笔记录由谁经手" "to tell who made a record",
        /// Who may use the system.
        Access = "账号" "access": "登录和授权" "to sign in and to be given rights",
    }
}

impl Purpose {
    /// On what the processing rests (个人信息保护法, PIPL). Who runs the system confirms it for the place.
    #[must_use]
    pub const fn basis(self) -> Label {
        match self {
            Self::Meals => Label::new(
                "个人信息保护法第十三条第一款第（二）项：为本人参加的助餐服务所必需；敏感个人信息另取得单独同意（第二十九条）",
                "PIPL art. 13(1)(2), needed for the service that the person takes part in; sensitive ones with separate consent (art. 29)",
            ),
            Self::Eligibility => Label::new(
                "个人信息保护法第十三条第一款第（三）项：核发助餐补贴的法定职责",
                "PIPL art. 13(1)(3), the statutory duty of granting the subsidy",
            ),
            Self::Care => Label::new(
                "个人信息保护法第十三条第一款第（三）项：特殊困难老年人探访关爱；健康状况另取得单独同意（第二十九条）",
                "PIPL art. 13(1)(3), visiting elders in need; health with separate consent (art. 29)",
            ),
            Self::Emergency => Label::new(
                "个人信息保护法第十三条第一款第（四）项：紧急情况下保护生命健康；家人的信息由本人提供并告知家人",
                "PIPL art. 13(1)(4), protecting life and health in an emergency; given by the elder, who tells the relative",
            ),
            Self::Settlement => Label::new(
                "个人信息保护法第十三条第一款第（三）项：财政资金结算和会计核算的法定义务",
                "PIPL art. 13(1)(3), the statutory duty of accounting for public money",
            ),
            Self::Accountability | Self::Access => Label::new(
                "个人信息保护法第十三条第一款第（二）、（三）项：人员管理，以及第五十一条的安全义务",
                "PIPL art. 13(1)(2) and (3), managing staff, and the duty of security in art. 51",
            ),
        }
    }
}

entries! {
    /// How long a field is kept.
    Kept {
        /// With the file of the person.
        File = "随档案" "with the file": "服务期间保存；不再服务或者本人要求时由管理员删除（sync-server admin elder erase）：封存的内容从此在任何设备和备份上都读不出来，未封存的留在变更记录里" "while the person is served; afterwards, or on request, an administrator erases it (sync-server admin elder erase): what is sealed can then be read on no device and in no backup, what is open stays in the log",
        /// With the vouchers.
        Voucher = "随凭证" "with the vouchers": "与结算凭证一同保存，年限依《会计档案管理办法》；程序不自行删除" "with the vouchers of the settlement, as long as the rules on accounting archives say; the program deletes none by itself",
        /// While somebody works here.
        Staff = "任职期间" "while in office": "账号使用期间；停用后为追溯继续保留，程序不自行删除" "while the account is used; kept after that so that records can be traced, the program deletes none by itself",
    }
}

entries! {
    /// Why a guarded field is open.
    Open {
        /// People are told apart by it.
        Shown = "认人" "shown": "名册、台账、监管平台要凭它认人，没有密钥的监管人员也要看到" "registers, ledgers and the console tell people apart by it, also for overseers, who hold no keys",
        /// Age is reckoned from it.
        Age = "年龄" "age": "监管平台按它算年龄" "the console reckons the age by it",
        /// It places the file.
        Placed = "归属" "placed": "服务器凭它决定档案归谁看" "the server decides by it who sees the file",
        /// It is followed up above.
        Followed = "跟进" "followed up": "镇街以上要按它筛选、跟进探访" "townships and counties look for it and follow it up",
        /// It proves a delivery.
        Proof = "凭据" "proof": "结算时证明餐已送到" "it proves at the settlement that a meal arrived",
        /// It is read when the key has gone.
        Outlives = "久于档案" "outlives the file": "台账留在接单的饭堂；档案和密钥转走或删除以后仍要能读，封存了就读不出来" "the ledger stays at the canteen that took the order and is read when file and key have gone elsewhere",
        /// It says who only to who holds the file.
        Linked = "编号" "linked": "由证件号码以密钥算出的编号，没有档案的人看不出是谁" "a number made of the ID number under a key, which tells nobody who has not the file",
        /// It is a hash.
        Hash = "摘要" "hash": "只是照片的摘要；照片本身封存" "only the hash of a photo; the photo itself is sealed",
        /// Anybody may know it.
        Public = "已公开" "public": "经营者对外公开的登记信息和办公电话" "what an operator publishes: its registration and its office's number",
    }
}

impl Field {
    /// It says who somebody is.
    #[must_use]
    pub const fn identifying(self) -> Self {
        self.class(Class::Identifying)
    }

    /// It reaches somebody.
    #[must_use]
    pub const fn contact(self) -> Self {
        self.class(Class::Contact)
    }

    /// It speaks of somebody's health, or tends to.
    #[must_use]
    pub const fn health(self) -> Self {
        self.class(Class::Health)
    }

    /// It speaks of somebody's household and relatives.
    #[must_use]
    pub const fn family(self) -> Self {
        self.class(Class::Family)
    }

    /// It says where somebody lives.
    #[must_use]
    pub const fn location(self) -> Self {
        self.class(Class::Location)
    }

    /// It shows somebody.
    #[must_use]
    pub const fn picture(self) -> Self {
        self.class(Class::Picture)
    }

    /// It is somebody's money.
    #[must_use]
    pub const fn money(self) -> Self {
        self.class(Class::Money)
    }

    /// It concerns somebody otherwise.
    #[must_use]
    pub const fn other(self) -> Self {
        self.class(Class::Other)
    }

    /// It concerns nobody, though its kind speaks of persons.
    #[must_use]
    pub const fn nobody(self) -> Self {
        self.class(Class::Nobody)
    }

    const fn class(self, class: Class) -> Self {
        Self { class: Some(class), ..self }
    }

    /// It is needed for something else than its kind.
    #[must_use]
    pub const fn purpose(self, purpose: Purpose) -> Self {
        Self { purpose: Some(purpose), ..self }
    }

    /// It is open, for this reason.
    #[must_use]
    pub const fn open(self, why: Open) -> Self {
        Self { open: Some(why), ..self }
    }

    /// Whether it says of persons what the data dictionary needs: a kind that speaks of them has a class for each field, and a guarded one is
    /// sealed or says why it is open; a kind that speaks of nobody has nothing that reaches or names a person.
    #[must_use]
    pub const fn is_accounted_for(&self, speaks_of_persons: bool) -> bool {
        match self.class {
            Some(class) => {
                let is_sealed = self.sealed.is_some();
                speaks_of_persons && if class.is_guarded() { is_sealed != self.open.is_some() } else { !is_sealed && self.open.is_none() }
            }
            None => {
                !speaks_of_persons
                    && self.sealed.is_none()
                    && !matches!(self.ty, FieldType::Phone | FieldType::IdNumber | FieldType::Photos)
            }
        }
    }
}

impl Kind {
    /// It speaks of persons, for this purpose, and is kept that long; each of its fields says its class.
    #[must_use]
    pub const fn of_persons(self, purpose: Purpose, kept: Kept) -> Self {
        Self { persons: Some((purpose, kept)), ..self }
    }

    /// Whether all of its fields say of persons what they have to. What does not is not compiled.
    #[must_use]
    pub const fn is_accounted_for(&self) -> bool {
        let mut at = 0;
        while at < self.fields.len() {
            if !self.fields[at].is_accounted_for(self.persons.is_some()) {
                return false;
            }
            at += 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::RecordKind;

    const TEXT: Field = Field::new("said", FieldType::Text, false, Label::new("说", "Said"));
    const PHONE: Field = Field::new("phone", FieldType::Phone, false, Label::new("电话", "Phone"));

    fn fits(fields: &'static [Field], speaks_of_persons: bool) -> bool {
        let kind = Kind::new("visit", 99, Label::new("来访", "Visit"), fields);
        if speaks_of_persons { kind.of_persons(Purpose::Care, Kept::File) } else { kind }.is_accounted_for()
    }

    /// `record!` asserts it while compiling.
    #[test]
    fn a_field_of_persons_says_its_class_and_is_sealed_or_says_why_not() {
        assert!(!fits(const { &[TEXT] }, true), "says nothing");
        assert!(!fits(const { &[TEXT.other(), TEXT] }, true), "the second says nothing");
        assert!(!fits(const { &[TEXT.health()] }, true), "open without a word");
        assert!(!fits(const { &[TEXT.health().sealed().open(Open::Shown)] }, true), "sealed, and excused");
        assert!(!fits(const { &[TEXT.other().sealed()] }, true), "sealed, but close to nobody");
        assert!(!fits(const { &[TEXT.money().open(Open::Shown)] }, true), "excused for nothing");
        assert!(fits(const { &[TEXT.health().sealed(), TEXT.family().open(Open::Followed), TEXT.other(), TEXT.nobody()] }, true));
        assert!(fits(const { &[TEXT] }, false));
        assert!(!fits(const { &[TEXT.other()] }, false), "a kind of nobody that speaks of somebody");
        assert!(!fits(const { &[PHONE] }, false) && !fits(const { &[TEXT.sealed()] }, false), "that reaches somebody");
    }

    #[test]
    fn every_kind_is_accounted_for_in_words_of_both_languages() {
        assert!(RecordKind::ALL.iter().all(|kind| kind.is_accounted_for()));
        let (mut words, mut used) = (Vec::new(), Vec::new());
        for kind in RecordKind::ALL {
            used.extend(kind.persons.map(|(purpose, kept)| (format!("{purpose:?}"), format!("{kept:?}"))));
        }
        assert!(used.len() > 4, "{used:?}");
        words.extend(Class::ALL.iter().map(|one| one.entry()));
        words.extend(Purpose::ALL.iter().map(|one| one.entry()));
        words.extend(Kept::ALL.iter().map(|one| one.entry()));
        words.extend(Open::ALL.iter().map(|one| one.entry()));
        for Entry { word, meaning } in words {
            assert!(
                !word.zh.is_ascii() && word.en.is_ascii() && meaning.zh.chars().count() > 3 && meaning.en.len() > 10,
                "{word:?} {meaning:?}"
            );
        }
    }
}
