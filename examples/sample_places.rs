//! Prints invented places, one GeoJSON feature a line: `sample_places COUNT [SEED]`. For load tests and trials.

use ryadom::sample::Sample;
use serde_json::json;
use std::io::{BufWriter, Write};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<u64>());
    let (Some(Ok(count)), seed) = (arguments.next(), arguments.next().and_then(Result::ok).unwrap_or(1)) else {
        eprintln!("usage: sample_places COUNT [SEED]");
        std::process::exit(2);
    };
    let mut sample = Sample::new(seed);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for _ in 0..count {
        let place = sample.published();
        let l = place.location;
        let benefit = &l.benefits[0];
        let feature = json!({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [l.position.lon(), l.position.lat()]},
            "properties": {
                "id": l.id.as_str(),
                "name": l.name,
                "category": l.category.code(),
                "address": l.address,
                "opening_hours": l.hours.as_ref().map(ryadom::domain::Hours::as_str),
                "phone": l.phone.as_ref().map(|p| p.e164.as_str()),
                "benefit": benefit.title,
                "benefit_kind": benefit.kind.map(ryadom::domain::BenefitKind::code),
                "benefit_value": benefit.value,
                "wheelchair": l.wheelchair.map(ryadom::domain::Wheelchair::code),
                "time_zone": l.time_zone.name(),
                "partner": place.partner_name,
            },
        });
        serde_json::to_writer(&mut out, &feature)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
