//! 改派: an elder goes to another canteen. The former binding ends, a new one begins, the file names it.

use crate::desk::Inner;
use crate::fault::{missing, not_found};
use crate::journal::Mutation;
use crate::store;
use shared::command::{BindingRow, CanteenName, MoveElder};
use shared::fault::{Code, Fault};
use shared::kinds::RecordKind;
use shared::rule::binding::{MoveFacts, Site, bind, last_day};
use shared::schema::{FieldValue, Fields, RecordId};
use shared::zh;

impl Inner {
    /// Binds an elder to another canteen from today; gives all bindings, the latest first.
    pub(crate) fn move_elder(&self, ask: &MoveElder) -> Result<Vec<BindingRow>, Fault> {
        let id = ask.elder.ok_or_else(|| missing("长者"))?;
        let enrolled = self.facts().enrolled.ok_or_else(zh::not_enrolled)?;
        let elder = self.read(|store| store::elder::find(store, id))?.ok_or_else(|| not_found("位长者"))?;
        let to = self.read(|store| store::master::canteen(store, &ask.canteen))?.ok_or_else(|| {
            Fault::new(Code::NotFound, format!("没有编号为“{}”的饭堂。", ask.canteen), "请在列表里选一家饭堂；新开的饭堂请先同步。")
        })?;
        let from = match &elder.canteen {
            Some(code) => {
                let known = self.read(|store| store::master::canteen(store, code))?;
                Some((code.as_str(), known.map(|canteen| canteen.division).unwrap_or_default()))
            }
            None => None,
        };
        bind(&MoveFacts {
            desk_canteen: enrolled.canteen.as_deref(),
            desk_division: &enrolled.division,
            from: from.as_ref().map(|(canteen, division)| Site { canteen, division }),
            to: Site { canteen: &to.code, division: &to.division },
        })?;
        self.commit(&self.move_mutations(id, &to.code)?)?;
        self.bindings(id)
    }

    /// The acts that bind an elder to a canteen: the other bindings end; one that began there when two offices sent her
    /// apart goes on.
    pub(crate) fn move_mutations(&self, elder: RecordId, to: &str) -> Result<Vec<Mutation>, Fault> {
        let today = self.clock.now().date();
        let (mut mutations, mut bound) = (Vec::new(), false);
        for (binding, standing) in self.read(|store| store::elder::bindings(store, elder))? {
            if standing.until.is_some() {
                continue;
            }
            if standing.canteen == to && !bound {
                bound = true;
                continue;
            }
            let mut ended = Fields::new();
            last_day(standing.since, today).put("until", &mut ended);
            mutations.push(Mutation::edit(RecordKind::Binding, binding, ended));
        }
        if !bound {
            mutations.extend(self.binding_mutation(elder, Some(to)));
        }
        let mut moved = Fields::new();
        to.to_owned().put("canteen", &mut moved);
        mutations.push(Mutation::edit(RecordKind::Elder, elder, moved));
        Ok(mutations)
    }

    /// Every canteen an elder was bound to, the latest first.
    pub(crate) fn bindings(&self, elder: RecordId) -> Result<Vec<BindingRow>, Fault> {
        let bindings = self.read(|store| store::elder::bindings(store, elder))?;
        let line = |(_, binding): (RecordId, shared::kinds::Binding)| {
            let known = self.read(|store| store::master::canteen(store, &binding.canteen))?;
            let canteen = known.map_or(binding.canteen, |canteen| canteen.name);
            Ok(BindingRow { canteen, since: binding.since, until: binding.until })
        };
        bindings.into_iter().map(line).collect()
    }

    /// The canteens that this desk may send elders to; none at a canteen.
    pub(crate) fn canteens(&self) -> Result<Vec<CanteenName>, Fault> {
        let Some(enrolled) = self.facts().enrolled.filter(|enrolled| enrolled.canteen.is_none()) else { return Ok(Vec::new()) };
        let canteens = self.read(|store| store::master::canteens_in(store, &enrolled.division))?;
        Ok(canteens.into_iter().map(|canteen| CanteenName { code: canteen.code, name: canteen.name }).collect())
    }
}
