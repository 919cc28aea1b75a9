//! From which networks administrators reach the console: a setting of the database, changed at the machine alone. None is set at the
//! start; then they come from everywhere, as everybody else does.

use crate::fault::Refusal;
use crate::route::Source;
use crate::store::{StoreError, Tx};
use crate::{Parts, Server};
use ipnet::IpNet;
use serde::Serialize;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{AuditEvent, Role};
use std::net::IpAddr;

const SETTING: &str = "administrators_from";

/// The networks that are set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NetworksNamed {
    /// As `10.1.0.0/16`; none for everywhere.
    pub administrators_from: Vec<String>,
}

fn parse(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)).map(|network| network.trunc())
}

fn of(tx: &Tx<'_>) -> Result<Vec<IpNet>, StoreError> {
    Ok(tx.setting(SETTING)?.unwrap_or_default().split(' ').filter_map(parse).collect())
}

fn named(networks: &[IpNet]) -> NetworksNamed {
    NetworksNamed { administrators_from: networks.iter().map(ToString::to_string).collect() }
}

impl Parts {
    /// Whether an account of that role may ask from there.
    pub fn may_come_from(&self, role: Role, source: &Source) -> Result<bool, StoreError> {
        if !role.is_administrator() {
            return Ok(true);
        }
        let networks = self.store.read(of)?;
        Ok(networks.is_empty() || source.address().is_some_and(|address| networks.iter().any(|network| network.contains(&address))))
    }
}

impl Server {
    /// The networks from which administrators come.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn networks(&self) -> Result<NetworksNamed, Fault> {
        Ok(named(&self.0.commanded(AuditEvent::NetworksShown, |tx, _| Ok(of(tx)?))?))
    }

    /// Administrators come from these networks alone from now on; from everywhere where there are none.
    ///
    /// # Errors
    /// A [`Fault`] names what is no network.
    pub fn set_networks(&self, networks: &[String]) -> Result<NetworksNamed, Fault> {
        let done: Result<Vec<IpNet>, Refusal> = self.0.commanded(AuditEvent::NetworksSet, |tx, noted| {
            noted.values(Some(&named(&of(tx)?).administrators_from.join(" ")), Some(&networks.join(" ")));
            let mut all = Vec::new();
            for text in networks {
                let network = parse(text.trim()).ok_or_else(|| Refusal::from(fault!(Code::BadInput, program::no_network(text))))?;
                // Of an address of version 6 no more is known than the network that one person has whole.
                let is_narrow = matches!(network, IpNet::V6(six) if six.prefix_len() > 64);
                all.push(if is_narrow { IpNet::new_assert(network.addr(), 64).trunc() } else { network });
            }
            tx.set(SETTING, &named(&all).administrators_from.join(" "))?;
            Ok(all)
        });
        Ok(named(&done?))
    }
}
