use std::fmt::Write;

use saddlebag_records::gcj02::Gcj02;
use saddlebag_records::position::Position;
use serde::Serialize;

/// Links that open a point in another map app. Nobody's name is in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct MapLinks {
    /// Any app that takes `geo:`: degrees of WGS 84, latitude first (RFC 5870).
    pub geo: String,
    /// Amap (高德): degrees of GCJ-02, latitude and longitude each by its name
    /// (<https://lbs.amap.com/api/amap-mobile/guide/android/marker>).
    pub amap: String,
    /// Baidu's map (百度): degrees of GCJ-02, latitude first
    /// (<https://lbsyun.baidu.com/docs/webapi?title=mapadjustment/uri/andriod>).
    pub baidu: String,
}

/// Under which name a point without one stands in the other app, and who asks Amap.
const ASKS: &str = "saddlebag";

/// Who asks Baidu's map: platform, company and app. It promises no service to whoever writes it otherwise.
const ASKS_BAIDU: &str = "andr.saddlebag.saddlebag";

impl MapLinks {
    /// `name`: a place's, which is no secret; of a camp none.
    pub(super) fn to(position: Position, name: Option<&str>) -> Self {
        let [lat, lon] = [position.lat_e7, position.lon_e7].map(|e7| f64::from(e7) / 1e7);
        let shifted = Gcj02::from(position);
        let name = escaped(name.unwrap_or(ASKS));
        Self {
            geo: format!("geo:{lat:.6},{lon:.6}?q={lat:.6},{lon:.6}"),
            // dev=0: the point is in GCJ-02 already. Amap would shift it once more for dev=1.
            amap: format!(
                "androidamap://viewMap?sourceApplication={ASKS}&poiname={name}&lat={:.6}&lon={:.6}&dev=0",
                shifted.lat, shifted.lon
            ),
            // Without coord_type the point would be taken for Baidu's own BD-09, some 600 m off.
            baidu: format!(
                "baidumap://map/marker?location={:.6},{:.6}&title={name}&content={name}&coord_type=gcj02&src={ASKS_BAIDU}",
                shifted.lat, shifted.lon
            ),
        }
    }
}

/// For a part of a link: all but RFC 3986's unreserved characters percent-encoded.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The middle of Beijing of eviltransform's own tests.
    const BEIJING: Position = Position {
        lat_e7: 399_119_540,
        lon_e7: 1_163_778_170,
    };

    #[test]
    fn each_app_gets_the_point_in_its_own_coordinates() {
        let links = MapLinks::to(BEIJING, Some("库勒拜 1&2"));
        assert_eq!(links.geo, "geo:39.911954,116.377817?q=39.911954,116.377817");
        assert_eq!(
            links.amap,
            "androidamap://viewMap?sourceApplication=saddlebag&poiname=%E5%BA%93%E5%8B%92%E6%8B%9C%201%262\
             &lat=39.913345&lon=116.384047&dev=0"
        );
        assert_eq!(
            links.baidu,
            "baidumap://map/marker?location=39.913345,116.384047&title=%E5%BA%93%E5%8B%92%E6%8B%9C%201%262\
             &content=%E5%BA%93%E5%8B%92%E6%8B%9C%201%262&coord_type=gcj02&src=andr.saddlebag.saddlebag"
        );
        assert!(MapLinks::to(BEIJING, None).amap.contains("poiname=saddlebag&"));
    }
}
