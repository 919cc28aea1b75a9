//! What accounts may ask the server for, by their role and place: every route, and what stands at each place, asked over HTTP.

use super::golden::Golden;
use super::world::{PASSWORD, Place, RELATIONS, SEATS, VILLAGE, World};
use crate::faults::kit::{NOW, wire};
use anyhow::{Context, Result, ensure};
use reqwest::Method;
use reqwest::blocking::{Client, Response};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use shared::console::{AccountsPage, FactorBegun, SignIn};
use shared::crdt::first_change;
use shared::fault::Fault;
use shared::kinds::{ELDERS, ORDERS, RecordKind, Role};
use shared::list::{End, ListPage, ListSpec};
use shared::rights::LISTS;
use shared::rights::console::ROUTES;
use shared::rule::disclosure::ALONE;
use shared::schema::{RecordId, Value};
use std::collections::{BTreeMap, BTreeSet};
use sync_server::Limits;
use tokio::runtime::Runtime;

/// Who reads records, and so may agree to what others ask for.
const READERS: usize = 4;

const LETTERS: &str = "+ given, shown or done, - refused to this account, u nobody has signed in, 0 no such thing or not for this account, x no such act, w not now or not so";

/// Who asks: an account of a role at a place; the last has no account.
fn askers() -> Vec<(String, Option<Role>, usize)> {
    let seats = || SEATS.iter().enumerate().filter(|(_, (name, ..))| *name != VILLAGE);
    let readers = seats().map(|(seat, (name, ..))| ((*name).to_owned(), Role::of_code(name), seat));
    let administrators = [Role::Auditor, Role::System, Role::Security].into_iter().flat_map(|role| {
        seats().skip(1).map(move |(seat, (name, ..))| (format!("{}-{name}", role.code()), Some(role), seat)).collect::<Vec<_>>()
    });
    readers.chain(administrators).chain([("stranger".to_owned(), None, 0)]).collect()
}

/// What is done to accounts of others, the most harmful last; with the rights that an account has already.
const OF_ACCOUNTS: [(&str, &str); 8] = [
    ("delete", "sessions"),
    ("delete", "lock"),
    ("delete", "factor"),
    ("post", "rights"),
    ("post", "enable"),
    ("post", "confirm"),
    ("post", "link"),
    ("post", "disable"),
];

/// A house with its accounts.
struct House {
    _runtime: Runtime,
    world: World,
    url: String,
    http: Client,
    /// The cookie of an account at each place, beside those that ask.
    there: BTreeMap<Place, String>,
}

/// An answer, as far as it matters.
fn letter(answer: &Response) -> Result<char> {
    Ok(match answer.status().as_u16() {
        200..300 => '+',
        400 | 409 | 415 | 422 => 'w',
        401 => 'u',
        403 => '-',
        404 => '0',
        405 => 'x',
        other => anyhow::bail!("{other}: {answer:?}"),
    })
}

impl House {
    fn new() -> Result<Self> {
        let world = World::new()?;
        let runtime = Runtime::new()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let url = format!("http://{}", listener.local_addr()?);
        runtime.spawn(sync_server::serve_until(listener, world.server.clone(), None, Limits::default(), std::future::pending()));
        let mut house = Self { _runtime: runtime, world, url, http: Client::new(), there: BTreeMap::new() };
        for place in Place::THERE.into_iter().filter(|place| !matches!(place, Place::Village | Place::OtherVillage)) {
            let level = place.level();
            let name = format!("there-{place:?}").to_lowercase();
            let cookie = house.account(&name, level.into(), place)?;
            house.there.insert(place, cookie);
        }
        house.many_people()?;
        house.guests()?;
        Ok(house)
    }

    fn sign_in(&self, name: &str) -> Result<String> {
        let ask = SignIn { name: name.to_owned(), password: PASSWORD.to_owned(), ..SignIn::default() };
        let answer = self.http.post(format!("{}/api/session", self.url)).json(&ask).send()?.error_for_status()?;
        let cookie = answer.headers().get("set-cookie").context("a cookie")?.to_str()?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// Adds an account and signs it in; an administrator has a second factor then.
    fn account(&self, name: &str, role: Role, place: Place) -> Result<String> {
        self.world.account(name, role, place)?;
        let cookie = self.sign_in(name)?;
        if role.is_administrator() {
            let begun = self.ask("post", "/api/account/factor", Some(&cookie), Some(&json!({ "password": PASSWORD })))?;
            let secret = totp_rs::Secret::try_from_base32(&begun.json::<FactorBegun>()?.secret).ok().context("a secret")?;
            let app = totp_rs::Builder::new().with_secret(secret).with_account_name("x").build().ok().context("an app")?;
            let code = json!({ "code": app.generate(NOW.unsigned_abs()).to_string() });
            self.ask("post", "/api/account/factor/confirm", Some(&cookie), Some(&code))?.error_for_status()?;
        }
        Ok(cookie)
    }

    fn ask(&self, method: &str, path: &str, cookie: Option<&str>, body: Option<&Json>) -> Result<Response> {
        let mut request = self.http.request(Method::from_bytes(method.to_uppercase().as_bytes())?, format!("{}{path}", self.url));
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        Ok(if let Some(body) = body { request.json(body) } else { request }.send()?)
    }

    /// More people at each place than somebody takes out alone.
    fn many_people(&mut self) -> Result<()> {
        for place in Place::THERE {
            let mut changes = Vec::new();
            for _ in 0..=ALONE {
                let mut fields = self.world.placing(RecordKind::Elder, place).context("an elder is anywhere")?;
                fields.retain(|_, value| *value != Value::Null);
                for (name, value) in [("living_alone", true), ("delivery_need", true)] {
                    fields.insert(name, Value::Bool(value));
                }
                for (name, text) in [("name", "王桂英"), ("status", "active")] {
                    fields.insert(name, Value::Text(text.into()));
                }
                let (id, author) = (self.world.draw(), self.world.author());
                changes.push(wire(RecordKind::Elder, id, first_change(&author, &fields, NOW).bytes));
            }
            self.world.write(changes)?;
        }
        Ok(())
    }

    /// At the canteen of each who asks an order for somebody of each place: under the order's own id stands whom it names.
    fn guests(&mut self) -> Result<()> {
        let mut changes = Vec::new();
        for (_, own, places) in SEATS {
            for place in places.into_iter().flatten() {
                let Some(elder) = self.world.records.get(&(RecordKind::Elder, place)).map(|stands| stands.id) else { continue };
                let mut fields = self.world.fields(RecordKind::Order, own, 4_711).context("an order")?;
                fields.insert("elder", Value::Text(elder.to_string().as_str().into()));
                fields.insert("number", Value::Text(guest_number(own, place).as_str().into()));
                fields.insert("elder_name", Value::Text("不知道".into()));
                let (id, author) = (self.world.draw(), self.world.author());
                changes.push(wire(RecordKind::Order, id, first_change(&author, &fields, NOW).bytes));
            }
        }
        self.world.write(changes)
    }

    /// The words of an address for a place.
    fn words(&self, place: Place) -> String {
        match place.is_canteen() {
            true => format!("canteen={}", self.world.canteens[&place]),
            false => format!("division={}", place.division()),
        }
    }

    /// The number of a request for many people that an account of a place made, another one for each `turn`.
    fn request_for_many(&self, place: Place, turn: usize) -> Result<String> {
        let filters = ["delivery_need=1", "living_alone=1", "status=active"];
        let words: Vec<&str> = filters.iter().enumerate().filter(|(at, _)| turn >> at & 1 == 1).map(|(_, words)| *words).collect();
        let words = words.join("%26").replace('=', "%3D");
        let path = format!("/api/export?list=elders&reason=inspection&note=&words={words}");
        let told = self.ask("post", &path, Some(&self.there[&place]), None)?.json::<Fault>()?;
        let number = told.happened.rsplit_once(' ').map(|(_, number)| number.trim_end_matches('。').to_owned());
        number.with_context(|| format!("{place:?}: {told:?}"))
    }
}

/// The number of the order at a canteen for somebody of a place.
fn guest_number(own: Place, place: Place) -> String {
    format!("{own:?}-{place:?}")
}

/// Who asks, and what he is told.
struct Turn<'a> {
    house: &'a House,
    golden: &'a mut Golden,
    asker: usize,
    cookie: Option<String>,
}

impl Turn<'_> {
    fn tries(&mut self, thing: &str, relation: usize, method: &str, path: &str, body: Option<&Json>) -> Result<Response> {
        let answer = self.house.ask(method, path, self.cookie.as_deref(), body)?;
        self.golden.set(thing, self.asker, relation, letter(&answer).with_context(|| format!("{method} {path}"))?);
        Ok(answer)
    }

    /// All rows of a list that are shown, by their ids; or the letter of the refusal.
    fn rows(&self, list: &ListSpec, words: &str) -> Result<Result<ListPage, char>> {
        let mut all = ListPage::default();
        for page in 0.. {
            let path = format!("/api/list/{}?{words}&page={page}", list.name);
            let answer = self.house.ask("get", &path, self.cookie.as_deref(), None)?;
            if letter(&answer)? != '+' {
                return Ok(Err(letter(&answer)?));
            }
            let rows = answer.json::<ListPage>()?.rows;
            if rows.is_empty() {
                break;
            }
            all.rows.extend(rows);
        }
        Ok(Ok(all))
    }

    /// Lists and records, at each place and of each place.
    fn lists(&mut self, places: [Option<Place>; 5]) -> Result<()> {
        for list in ListSpec::at(End::Console) {
            let name = list.name;
            let shown = match list.kind {
                Some(_) => Some(self.rows(list, "")?.map(|page| page.rows.iter().map(|row| row.id).collect::<BTreeSet<RecordId>>())),
                None => None,
            };
            for (relation, place) in places.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?))) {
                if place == Place::City || Place::THERE.contains(&place) || !place.is_canteen() {
                    let words = self.house.words(place);
                    self.tries(&format!("list {name} at"), relation, "get", &format!("/api/list/{name}?{words}"), None)?;
                    if list.about.is_some() {
                        let path = format!("/api/export?list={name}&reason=inspection&note=&words={}", words.replace('=', "%3D"));
                        self.tries(&format!("export {name} at"), relation, "post", &path, None)?;
                    }
                    self.tries(&format!("workbook {name} at"), relation, "get", &format!("/api/list/{name}/workbook?{words}"), None)?;
                }
                let Some(stands) = list.kind.and_then(|kind| self.house.world.records.get(&(kind, place))) else { continue };
                self.tries(&format!("record {name} of"), relation, "get", &format!("/api/list/{name}/{}", stands.id), None)?;
                if let Some(shown) = &shown {
                    let seen = shown.as_ref().map_or_else(|refused| *refused, |ids| if ids.contains(&stands.id) { '+' } else { '-' });
                    self.golden.set(&format!("row {name} of"), self.asker, relation, seen);
                }
            }
        }
        Ok(())
    }

    /// What else is asked of a place.
    fn places(&mut self, own: Place, places: [Option<Place>; 5]) -> Result<()> {
        for (relation, place) in places.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?))) {
            let words = self.house.words(place);
            self.tries("overview at", relation, "get", &format!("/api/overview?{words}"), None)?;
            let body = match place.is_canteen() {
                true => json!({ "canteen": self.house.world.canteens[&place], "code": "" }),
                false => json!({ "division": place.division(), "code": "" }),
            };
            self.tries("device-code for", relation, "post", "/api/device-code", Some(&body))?;
            let Some(hash) = self.house.world.photos.get(&place) else { continue };
            self.tries("photo of", relation, "get", &format!("/api/photo/{}", hex::encode(hash)), None)?;
            // Who may agree comes first; what nobody agreed to is asked again.
            let number =
                self.house.request_for_many(place, if self.asker < READERS { self.asker } else { READERS + self.asker % READERS })?;
            self.tries("agree to a request of", relation, "post", &format!("/api/export/{number}"), None)?;
            // A session of somebody else, by the name that it has for its own account.
            let token = self.house.there[&place].split_once('=').map(|(_, token)| token).unwrap_or_default();
            let session = hex::encode(&Sha256::digest(Sha256::digest(token))[..8]);
            self.tries("end a session of", relation, "delete", &format!("/api/account/sessions/{session}"), None)?;
            // Whether an order of one's own that names her tells what she is called.
            let guest = guest_number(own, place);
            let name = self.rows(&ORDERS, &format!("text={guest}"))?.map(|page| page.rows.iter().any(|row| row.text("name") != "不知道"));
            let told = name.map_or_else(|refused| refused, |told| if told { '+' } else { '-' });
            self.golden.set("name by an order for", self.asker, relation, told);
            // Or by the words of a search whether she is there at all.
            let named = self.rows(&ELDERS, &format!("village={}", place.division()))?.map(|page| !page.rows.is_empty());
            let told = named.map_or_else(|refused| refused, |found| if found { '+' } else { '-' });
            self.golden.set("search elders in", self.asker, relation, told);
        }
        Ok(())
    }

    /// What is done to accounts and to staff of a place.
    fn people(&mut self, finder: &str, places: [Option<Place>; 5]) -> Result<()> {
        for (relation, place) in places.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?))) {
            if let Some(stands) = self.house.world.records.get(&(RecordKind::Staff, place)) {
                for act in ["pin", "disable", "enable"] {
                    self.tries(&format!("staff {act} of"), relation, "post", &format!("/api/staff/{}/{act}", stands.id), None)?;
                }
            }
            if !self.house.there.contains_key(&place) {
                continue;
            }
            let (level, name) = (place.level(), format!("of-{}-{place:?}", self.asker).to_lowercase());
            self.house.world.account(&name, level.into(), place)?;
            let found = self.house.ask("get", &format!("/api/accounts?text={name}"), Some(finder), None)?.json::<AccountsPage>()?;
            let Some(account) = found.rows.first() else { continue };
            let rights = json!({ "role": account.role, "division": account.division });
            for (method, act) in OF_ACCOUNTS {
                let path = format!("/api/accounts/{}/{act}", account.id);
                self.tries(&format!("account {act} of"), relation, method, &path, (method == "post").then_some(&rights))?;
            }
        }
        Ok(())
    }

    /// Each route by each method, about nothing or what is one's own; what ends the session last.
    fn routes(&mut self) -> Result<()> {
        let paths: BTreeSet<&str> = ROUTES.iter().filter_map(|(row, _)| Some(row.split_once(' ')?.1)).collect();
        let (of_lists, others): (Vec<&str>, Vec<&str>) = paths.into_iter().partition(|path| path.contains("{list}"));
        let lists = LISTS.iter().filter(|of| !of.accounts.is_empty());
        let listed = lists.flat_map(|of| of_lists.iter().map(|path| path.replace("{list}", of.list)));
        let mut all: Vec<String> = others.into_iter().map(str::to_owned).chain(listed).collect();
        all.sort_by_key(|path| path == "/api/session");
        for path in all {
            let address = path.replace("{hash}", &"ab".repeat(32)).replace("{number}", "7K3M-92QF");
            let address =
                if path.starts_with("/api/list/") { address.replace("{id}", &"0".repeat(32)) } else { address.replace("{id}", "ab") };
            for method in ["get", "post", "put", "patch", "delete"] {
                let body = (method != "get").then(|| json!({}));
                self.tries(&format!("{path} {method}"), 0, method, &address, body.as_ref())?;
            }
        }
        Ok(())
    }
}

/// All of it.
pub fn tried() -> Result<Golden> {
    let askers = askers();
    let mut golden = Golden::new("accounts", LETTERS, askers.iter().map(|(name, ..)| name.clone()).collect(), &RELATIONS);
    let house = House::new()?;
    let finder = house.account("finder", Role::System, Place::City)?;
    for (asker, (name, role, seat)) in askers.iter().enumerate() {
        let (_, own, places) = SEATS[*seat];
        let cookie = match role {
            Some(role) => Some(house.account(name, *role, own)?),
            None => None,
        };
        let mut turn = Turn { house: &house, golden: &mut golden, asker, cookie };
        turn.lists(places)?;
        turn.places(own, places)?;
        turn.people(&finder, places)?;
        turn.routes()?;
    }
    let readers = askers.iter().take_while(|(_, role, _)| role.is_some_and(|role| !role.is_administrator())).count();
    ensure!(readers == READERS, "a request for many is made for each who may agree, and four more");
    Ok(golden)
}
