use super::super::importer::tests::Bench;
use super::super::{ImportOptions, Source};
use super::*;
use crate::domain::{
    BenefitKind, Category, Clock, Hours, LocationId, PartnerId, Phone, State, Wheelchair, clock::FixedClock,
};
use crate::geometry::LonLat;
use crate::store::{Put, Store};
use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::ops::ControlFlow;

fn text(max: usize, lines: bool) -> impl Strategy<Value = String> {
    let c = prop_oneof![
        4 => proptest::char::range('а', 'я'),
        2 => proptest::char::range('a', 'z'),
        1 => proptest::sample::select(vec!['"', '\'', ';', ',', '=', '+', '@', '-', '<', '>', '&', '\\', '{', '}', '%', '1', '0', 'Ё', '«', '»', '🎁', '\t', '\n']),
        1 => Just(' '),
    ];
    vec(c, 1..max).prop_map(move |chars| {
        let s: String = chars.into_iter().map(|c| if !lines && c.is_control() { '_' } else { c }).collect();
        let s = s.trim().to_owned();
        if s.is_empty() { "я".to_owned() } else { s }
    })
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (0..3_000_i32).prop_map(|d| NaiveDate::from_num_days_from_ce_opt(738_000 + d).unwrap())
}

fn benefit() -> impl Strategy<Value = Benefit> {
    let kind = option::of(proptest::sample::select(BenefitKind::ALL.to_vec()));
    let title = prop_oneof![
        text(40, true),
        proptest::sample::select(vec!["Скидка 10 %", "Бесплатно", "10", "Подарок", "[1]", "нет"])
            .prop_map(str::to_owned)
    ];
    let days = option::of((day(), 0..400_u64));
    (
        kind,
        option::of((0..10_000_u32).prop_map(|v| f64::from(v) / 100.0)),
        title,
        option::of(text(60, true)),
        days,
        0..3,
        option::of(proptest::sample::select(vec!["Mo-Fr 10:00-14:00", "PH off; Sa 10:00-12:00 \"по записи\""])),
    )
        .prop_map(|(kind, value, title, terms, days, which, hours)| Benefit {
            kind,
            value,
            title,
            terms,
            from: days.filter(|_| which != 0).map(|(d, _)| d),
            to: days.filter(|_| which != 1).map(|(d, n)| d + chrono::Days::new(n)),
            hours: hours.map(str::to_owned),
        })
}

fn location() -> impl Strategy<Value = (Location, Partner)> {
    // Where nothing looks exchanged: the rule has tests of its own.
    let position = (-60_000_000_000..60_000_000_000_i64, -30_000_000_000..18_000_000_000_i64)
        .prop_filter("0, 0 is no place", |(x, y)| x.abs() + y.abs() > 10)
        .prop_map(|(x, y)| LonLat::new(x as f64 / 1e9, y as f64 / 1e9).unwrap());
    let names = (text(60, false), option::of(text(80, false)), option::of(text(80, true)), option::of(text(30, false)));
    let category = proptest::sample::subsequence(Category::ALL.to_vec(), 1..4).prop_shuffle();
    let hours =
        option::of(proptest::sample::select(vec!["24/7", "Mo-Fr 09:00-18:00; Sa 10:00-14:00", "Mo-Su,PH 08:00-02:00"]));
    let phone = option::of((0..9_999_999_u32, option::of(0..999_u32)));
    let rest = (
        option::of(proptest::sample::select(vec![Wheelchair::Yes, Wheelchair::Limited, Wheelchair::No])),
        vec(benefit(), 0..4),
        option::of(day()),
        any::<bool>(),
        proptest::sample::select(vec![
            chrono_tz::Europe::Moscow,
            chrono_tz::Asia::Kamchatka,
            chrono_tz::Tz::Etc__GMTPlus10,
        ]),
        option::of(proptest::sample::select(vec!["https://example.ru/a?b=1,2;3", "http://музей.рф"])),
    );
    (any::<u32>(), position, names, category, hours, phone, rest).prop_map(
        |(id, position, (name, address, note, legal), categories, hours, phone, rest)| {
            let (wheelchair, benefits, last_confirmed, org, time_zone, site) = rest;
            let partner = Partner {
                id: PartnerId::new(&format!("p-{id}")).unwrap(),
                name: format!("П {name}"),
                legal_name: legal,
                inn: Some(if org { "7707083893" } else { "500100732259" }.to_owned()),
                ogrn: Some(if org { "1027700132195" } else { "326265100000041" }.to_owned()),
                kpp: org.then(|| "263401001".to_owned()),
                state: State::Published,
            };
            let location = Location {
                id: LocationId::new(&format!("М/{id}")).unwrap(),
                partner_id: partner.id.clone(),
                name,
                category: categories[0],
                categories_more: categories[1..].to_vec(),
                position,
                address,
                address_note: note,
                fias_id: (id % 2 == 0).then(|| "327a060b-878c-4fb4-8dc4-d5595871a3d8".to_owned()),
                time_zone,
                hours: hours.map(|h| Hours::parse(h).unwrap()),
                phone: phone.map(|(n, ext)| Phone { e164: format!("+7865{n:07}"), ext: ext.map(|e| e.to_string()) }),
                site: site.map(str::to_owned),
                wheelchair,
                benefits,
                photo: (id % 3 == 0).then(|| format!("AbC-_{id}")),
                last_confirmed,
            };
            (location, partner)
        },
    )
}

async fn all(store: &Store) -> Vec<(Location, Partner)> {
    let mut all = Vec::new();
    store
        .each_with_partner(|row| {
            all.push(row.unwrap());
            ControlFlow::Continue(())
        })
        .await
        .unwrap();
    all
}

fn written(places: &[(Location, Partner)]) -> [(&'static str, Vec<u8>); 2] {
    let (mut csv, mut geojson) = (Vec::new(), Vec::new());
    let mut c = CsvExport::new(&mut csv).unwrap();
    let mut g = GeoJsonExport::new(&mut geojson).unwrap();
    for (l, p) in places {
        c.add(l, p).unwrap();
        g.add(l, p).unwrap();
    }
    c.finish().unwrap();
    g.finish().unwrap();
    [("out.csv", csv), ("out.geojson", geojson)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_exported_imports_back_to_the_same_content(places in vec(location(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let first = Bench::new().await;
            let mut places = places;
            places.sort_by(|a, b| a.0.id.cmp(&b.0.id));
            places.dedup_by(|a, b| a.0.id == b.0.id);
            let (locations, partners): (Vec<_>, Vec<_>) = places.clone().into_iter().unzip();
            let put = Put { actor: "test".into(), at: first.clock.now(), origin: "test" };
            let mut tx = first.store.begin().await.unwrap();
            tx.put_partners(&partners, &put).await.unwrap();
            tx.publish(&locations, &put).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(all(&first.store).await, places);
            let head = first.store.head().await.unwrap();
            for (name, bytes) in written(&places) {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let second = Bench::new().await;
                let source = || vec![Source::bytes(name, bytes.clone())];
                let report = second.import(source(), &ImportOptions::default()).await;
                assert!(report.problems.is_empty(), "{:?}\n{text}", report.problems);
                assert_eq!(all(&second.store).await, places, "{text}");
                let report = first.import(source(), &ImportOptions::default()).await;
                assert_eq!(report.unchanged, places.len() as u64, "{text}");
                assert_eq!(first.store.head().await.unwrap(), head);
            }
        });
    }
}

#[tokio::test]
async fn an_import_of_others_survives_the_way_out_and_in() {
    let first = Bench::new().await;
    let csv = "id,name,category,lat,lon,hours,offer,offer_to,offer_terms,phone\n\
        1,\"=1+1\",cafe,45.0361694,41.9633875,пн-пт 9-18,Скидка 10 %,31.12.2027,\"по будням;\nкроме, «акций»\",8 (8652) 12-34-56 доб. 7\n\
        2,\"<b>@Кафе</b>\",museum,45.1,41.9,,Бесплатно,,,\n";
    let report = first.import(vec![Source::bytes("a.csv", csv)], &ImportOptions::default()).await;
    assert_eq!(report.created, 2, "{report:?}");
    let places = all(&first.store).await;
    assert_eq!(places[0].0.name, "=1+1");
    assert_eq!(places[1].0.name, "<b>@Кафе</b>");
    for (name, bytes) in written(&places) {
        let second = Bench::new().await;
        second.import(vec![Source::bytes(name, bytes)], &ImportOptions::default()).await;
        assert_eq!(all(&second.store).await, places);
    }
}

#[test]
fn an_empty_collection_is_valid_json() {
    let [_, (_, geojson)] = written(&[]);
    let value: Value = serde_json::from_slice(&geojson).unwrap();
    assert_eq!(value["features"], json!([]));
    let _: FixedClock;
}
