use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// From where somebody connects: an IPv4 address, or the 64 bits of an IPv6 one that a subscriber has to themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin(IpAddr);

impl Origin {
    pub(crate) fn of(peer: SocketAddr) -> Self {
        // A socket that takes both shows IPv4 as IPv6.
        match peer.ip().to_canonical() {
            IpAddr::V6(address) => {
                let network = address.to_bits() & !u128::from(u64::MAX);
                Self(IpAddr::V6(Ipv6Addr::from_bits(network)))
            }
            address => Self(address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscriber_is_one_whatever_address_they_take() {
        let of = |address: &str| Origin::of(address.parse().unwrap());
        assert_eq!(of("10.0.0.1:5"), of("10.0.0.1:6"));
        assert_ne!(of("10.0.0.1:5"), of("10.0.0.2:5"));
        assert_eq!(of("[::ffff:10.0.0.1]:5"), of("10.0.0.1:5"));
        assert_eq!(of("[2001:db8:0:1::5]:1"), of("[2001:db8:0:1:ffff::7]:1"));
        assert_ne!(of("[2001:db8:0:1::5]:1"), of("[2001:db8:0:2::5]:1"));
    }
}
