//! From which networks administrators come.

use super::kit::*;
use super::own::said;
use shared::fault::Code;
use shared::kinds::Role;

const LUOCHENG: &str = "445381001";

#[tokio::test(flavor = "multi_thread")]
async fn administrators_come_from_the_networks_that_are_named_and_a_forged_head_is_none() {
    let house = House::new().await;
    let (system, town) = (house.clerk("xitong", Role::System, "4453").await, house.clerk("zhen", Role::Town, LUOCHENG).await);
    let asks = async |clerk: &Clerk, path: &str, from: &str| {
        let request = house.http.get(format!("{}{path}", house.url)).header("cookie", &clerk.cookie).header("x-forwarded-for", from);
        said(request.send().await.unwrap()).await.err()
    };
    let set = |networks: &[&str]| house.server.set_networks(&networks.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(asks(&system, "/api/accounts", "192.0.2.1").await, None, "none is named");
    assert_eq!(set(&["10.1.0.0/16", "nowhere"]).unwrap_err().code, Code::BadInput);
    assert_eq!(asks(&system, "/api/accounts", "192.0.2.1").await, None, "nothing was set");
    let named = set(&["10.1.9.9/16", "198.51.100.7", "2001:db8:1:2:3::/96"]).unwrap();
    assert_eq!(named.administrators_from, ["10.1.0.0/16", "198.51.100.7/32", "2001:db8:1:2::/64"]);
    for (from, refused) in [
        ("10.1.2.3", None),
        ("198.51.100.7", None),
        ("2001:db8:1:2:9::1", None),
        ("10.2.0.1", Some(Code::Forbidden)),
        ("2001:db8:1:3::1", Some(Code::Forbidden)),
        // The proxy's own word is the last one.
        ("10.1.2.3, 192.0.2.1", Some(Code::Forbidden)),
        ("10.1.2.3, nonsense", Some(Code::Forbidden)),
    ] {
        for path in ["/api/accounts", "/api/session", "/api/account"] {
            assert_eq!(asks(&system, path, from).await, refused, "{path} {from}");
        }
        assert_eq!(asks(&town, "/api/overview", from).await, None, "others come from everywhere");
    }
    assert_eq!(set(&[]).unwrap().administrators_from, [""; 0]);
    assert_eq!(asks(&system, "/api/accounts", "192.0.2.1").await, None);
}
