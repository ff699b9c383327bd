//! Addresses that must never be called, and those that must.

use engine::egress::{EgressPolicy, Refusal};
use url::Url;

/// Hosts that every client takes for an IP address which is not public, in many spellings. A block a kind:
/// 127.0.0.1 (dotted, short, decimal, octal, hexadecimal, full-width, encoded); this network; private networks
/// and carrier-grade NAT; link-local with the clouds' metadata services; protocol assignments, documentation,
/// benchmarking, multicast, reserved, broadcast; IPv6 loopback and forms with IPv4 inside; the rest of IPv6.
const NOT_PUBLIC: &str = r"
    127.0.0.1 127.1 127.0.1 127.0.0.2 127.255.255.254 2130706433 017700000001 0x7f000001 0x7F.1 0x7f.0.0.1
    0177.0.0.1 0177.0.0.01 127.0x0.0.1 0x7f.0x0.0x0.0x1 127.0.0.1. １２７.０.０.１ 127。0。0。1 ①②⑦.⓪.⓪.①
    %31%32%37.0.0.1 127.0.0.%31 127.000.000.001
    0 0.0.0.0 0x0 00 0.0.0.1 0.255.255.255 0.0
    10.0.0.1 10.1 167772161 0xa000001 10.255.255.255 012.0.0.1 172.16.0.1 172.31.255.255 2886729729
    192.168.0.1 192.168.1 192.168.257 3232235521 0xc0.0xa8.0.1 0300.0250.0.1 100.64.0.1 100.127.255.255
    1681915905
    169.254.169.254 169.254.169.253 169.254.170.2 2852039166 0xA9FEA9FE 0251.0376.0251.0376 169.16689662
    169.254.43518 0xa9.0xfe.0xa9.0xfe 169.254.0.1
    192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1
    239.255.255.250 240.0.0.1 255.255.255.255 4294967295 0xffffffff
    [::1] [0:0:0:0:0:0:0:1] [::] [::127.0.0.1] [::7f00:1] [::ffff:127.0.0.1] [::ffff:7f00:1]
    [::ffff:a9fe:a9fe] [0:0:0:0:0:ffff:10.0.0.1] [::ffff:8.8.8.8] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1]
    [64:ff9b::a9fe:a9fe] [64:ff9b:1::10.0.0.1] [2002:7f00:1::1] [2002:a9fe:a9fe::] [2001::1]
    [2001:0:7f00:1::]
    [fc00::1] [fd00:ec2::254] [fe80::1] [fec0::1] [ff02::1] [2001:db8::1] [100::1] [3fff::1]
";

/// Names that only the local network knows.
const LOCAL: &str = r"
    localhost LOCALHOST localhost. a.localhost localhost.localdomain ip6-localhost db kubernetes
    metadata.google.internal printer.local router.lan nas.home.arpa wiki.intranet ｌｏｃａｌｈｏｓｔ api.example.com.
    loc%61lhost
";

/// Whole addresses that the parser or the policy stops.
const WHOLE: &str = r"
    http://api.example.com/ HTTP://api.example.com/ ftp://api.example.com/ file:///etc/passwd
    gopher://api.example.com:6379/_INFO data:text/plain,x javascript:alert(1) unix:/run/docker.sock
    jar:https://api.example.com!/ ws://api.example.com/ https: https:// https:/// //api.example.com/
    /etc/passwd https://user@api.example.com/ https://user:word@api.example.com/
    https://:word@api.example.com/ https://api.example.com@127.0.0.1/ https://api.example.com:22/
    https://api.example.com:25/ https://api.example.com:5432/ https://api.example.com:6379/
    https://api.example.com:0/ https://api.example.com:99999/ https://[fe80::1%25eth0]/ https://[::1%lo]/
    https://256.256.256.256/ https://1.2.3.4.5/ https:\\127.0.0.1\
";

#[test]
fn every_hostile_address_is_refused() {
    let policy = EgressPolicy::default();
    let mut refused = 0;
    for host in NOT_PUBLIC.split_whitespace() {
        let url = Url::parse(&format!("https://{host}/")).unwrap_or_else(|error| panic!("{host}: {error}"));
        assert!(
            matches!(policy.check(&url), Err(Refusal::Address { .. })),
            "{host}: {:?}",
            policy.check(&url)
        );
        refused += 1;
    }
    for host in LOCAL.split_whitespace() {
        let refusal = policy.check(&Url::parse(&format!("https://{host}/")).unwrap());
        assert!(
            matches!(refusal, Err(Refusal::LocalName(_) | Refusal::TrailingDot(_))),
            "{host}: {refusal:?}"
        );
        refused += 1;
    }
    for text in WHOLE.split_whitespace() {
        let permitted = Url::parse(text).is_ok_and(|url| policy.check(&url).is_ok());
        assert!(!permitted, "{text}");
        refused += 1;
    }
    assert_eq!(refused, 142);
}

#[test]
fn usual_addresses_are_called() {
    for text in [
        "https://accounts.zoho.com/oauth/v2/token",
        "https://api.example.com:8443/v2?x=1#f",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "https://bücher.example/",
        "https://8.8.8.8/",
        "https://172.32.0.1/",
        "https://[2606:4700:4700::1111]:9443/",
        "https://localhost.example.com/",
        "https://127.0.0.1.example.com/",
        "https://api_v2.example.com/",
    ] {
        assert_eq!(
            EgressPolicy::default().check(&Url::parse(text).unwrap()),
            Ok(()),
            "{text}"
        );
    }
}

#[test]
fn an_exception_is_one_origin() {
    let policy: EgressPolicy = "http://127.0.0.1:4000, https://idp.internal\nhttps://10.0.0.7:6379"
        .parse()
        .unwrap();
    for (text, permitted) in [
        ("http://127.0.0.1:4000/token", true),
        ("http://0x7f.1:4000/token", true),
        ("https://127.0.0.1:4000/token", false),
        ("http://127.0.0.1:4001/token", false),
        ("http://127.0.0.2:4000/token", false),
        ("http://localhost:4000/token", false),
        ("http://user@127.0.0.1:4000/token", false),
        ("https://idp.internal/", true),
        ("https://idp.internal:443/", true),
        ("http://idp.internal/", false),
        ("https://a.idp.internal/", false),
        ("https://10.0.0.7:6379/", true),
        ("https://api.example.com/", true),
    ] {
        assert_eq!(
            policy.check(&Url::parse(text).unwrap()).is_ok(),
            permitted,
            "{text}"
        );
    }
}

#[test]
fn the_operators_list_names_the_bad_entry() {
    assert_eq!(" , ".parse(), Ok(EgressPolicy::default()));
    for (list, entry, remedy) in [
        (
            "https://ok.example, 127.0.0.1:4000",
            "\"127.0.0.1:4000\"",
            "http://127.0.0.1:4000",
        ),
        ("ftp://a.example", "\"ftp://a.example\"", "neither http nor https"),
        (
            "https://a.example/path",
            "\"https://a.example/path\"",
            "write the origin alone",
        ),
        (
            "https://me:s3cret@a.example",
            "a.example",
            "user name or password",
        ),
    ] {
        let error = list.parse::<EgressPolicy>().unwrap_err().to_string();
        assert!(
            error.contains(entry) && error.contains(remedy) && !error.contains("s3cret"),
            "{error}"
        );
    }
}

#[test]
fn a_refusal_names_the_remedy_and_no_secret() {
    for (text, remedy) in [
        (
            "http://api.example.com/s3cret?s3cret",
            "add http://api.example.com to CONNECTIONS_ALLOW_HOSTS",
        ),
        (
            "https://10.1.2.3/s3cret?s3cret",
            "add https://10.1.2.3 to CONNECTIONS_ALLOW_HOSTS",
        ),
        (
            "https://db:8443/s3cret",
            "add https://db:8443 to CONNECTIONS_ALLOW_HOSTS",
        ),
        ("https://api.example.com:25/s3cret", "belongs to mail"),
        ("https://s3cret:s3cret@api.example.com/", "remove them"),
        ("ftp://api.example.com/s3cret", "use an https address"),
    ] {
        let refusal = EgressPolicy::default()
            .check(&Url::parse(text).unwrap())
            .unwrap_err();
        let shown = format!("{refusal} {refusal:?}");
        assert!(shown.contains(remedy) && !shown.contains("s3cret"), "{shown}");
    }
}
