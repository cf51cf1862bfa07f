//! Search at 100,000 places with the words of real towns and as many invented names as a region has: keystroke by
//! keystroke, by class; and how long the words of a million places take to be indexed.

use criterion::{Criterion, criterion_group, criterion_main};
use rand::RngExt;
use ryadom::domain::gazetteer::Gazetteer;
use ryadom::domain::{FixedClock, Seq};
use ryadom::geometry::LonLat;
use ryadom::index::segment::{Place, SegmentBuilder};
use ryadom::index::text::Lists;
use ryadom::index::{Options, SpatialIndex, local_day};
use ryadom::sample::Sample;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn places() -> usize {
    #[expect(clippy::disallowed_methods, reason = "a benchmark's size is no setting of the service")]
    std::env::var("RYADOM_TEST_BENCH_PLACES").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000)
}

/// Names of settlements and invented ones, about 40,000.
fn names(sample: &mut Sample) -> Vec<String> {
    const SYLLABLES: &[&str] = &[
        "ко", "ра", "ми", "ло", "ве", "сна", "ту", "ри", "да", "ши", "по", "кле", "бер", "нов", "гор", "ян", "ос",
        "лин",
    ];
    let gazetteer = Gazetteer::embedded();
    let mut names: Vec<String> = gazetteer.all().iter().map(|s| s.name_ru.clone()).collect();
    while names.len() < 40_000 {
        let syllables = sample.rng().random_range(2..5);
        names.push((0..syllables).map(|_| SYLLABLES[sample.rng().random_range(0..SYLLABLES.len())]).collect());
    }
    names
}

fn index(places: usize, varied: bool) -> SpatialIndex {
    let now = "2026-11-22T09:00:00Z".parse().expect("a moment");
    let mut sample = Sample::new(1);
    let names = names(&mut sample);
    let mut builder = SegmentBuilder::default();
    for _ in 0..places {
        let mut row = sample.published();
        if varied {
            let mut name = || names[sample.rng().random_range(0..names.len())].clone();
            let kind = row.location.name.split(' ').next().unwrap_or_default().to_owned();
            row.location.name = format!("{kind} «{}»", name());
            row.location.address = Some(format!("{}, улица {}, {}", name(), name(), row.location.name.len()));
        }
        builder.push(&Place::of(&row, local_day(now, &row)));
    }
    let segment = builder.build();
    let before = segment.size_bytes();
    let started = Instant::now();
    let index = SpatialIndex::from_segment(segment, Seq(1), Arc::new(FixedClock::at(now)), Options::default());
    let took = started.elapsed();
    let bytes = index.current().size_bytes().1 - before.1;
    println!(
        "{places} places ({}): words indexed in {took:?}, {:.1} bytes a place",
        if varied { "varied names" } else { "sample" },
        bytes as f64 / places as f64
    );
    index
}

/// The texts in the field after each keystroke.
fn keystrokes(words: &[&str]) -> Vec<String> {
    words.iter().flat_map(|w| w.char_indices().map(|(at, c)| w[..at + c.len_utf8()].to_owned())).collect()
}

fn search(c: &mut Criterion) {
    index(1_000_000, false);
    index(1_000_000, true);
    let lists = Lists::of(&Gazetteer::embedded());
    let index = index(places(), true);
    let snapshot = index.current();
    let here = LonLat::new(41.96, 45.03).ok();
    let alphabet: Vec<String> = ('а'..='я').chain('a'..='z').map(String::from).collect();
    let whole = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
    let classes = [
        ("one letter", alphabet),
        (
            "words as they are typed",
            keystrokes(&["кофейня", "аптека", "невинномысск", "музей", "скидка", "ставрополь"]),
        ),
        (
            "two words as they are typed",
            keystrokes(&["музей пятигорск", "аптека улица мира", "скидка по карте", "кофейня ко"]),
        ),
        ("typos", whole(&["кофйня", "апетка", "невиномыск", "питигорск", "стамотология", "пикарня", "берёзко"])),
        ("transliterated", whole(&["kofeynya", "apteka", "zheleznovodsk", "shkola tancev", "izobilny"])),
        ("other layout", whole(&["rjatqyz", "fgntrf", "ytdbyyjvsccr", ",fcctqy", "ьгыугь"])),
        ("nothing found", whole(&["щжщжщжщж", "qqqqzzzzqq", "крокодилохвостый", "zzzzzz", "эээээээ"])),
    ];
    let mut group = c.benchmark_group("search, one keystroke");
    group.measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_millis(500)).sample_size(20);
    for (class, texts) in &classes {
        let mut worst = (Duration::ZERO, "");
        for text in texts {
            let best_of_five = (0..5).map(|_| {
                let started = Instant::now();
                black_box(snapshot.search(text, &lists, here, 10).len());
                started.elapsed()
            });
            worst = worst.max((best_of_five.min().unwrap_or_default(), text));
        }
        println!("{class}: the worst keystroke, «{}», takes {:?}", worst.1, worst.0);
        let mut turn = 0;
        group.bench_function(*class, |b| {
            b.iter(|| {
                turn = (turn + 1) % texts.len();
                snapshot.search(black_box(&texts[turn]), &lists, here, 10).len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, search);
criterion_main!(benches);
